"""The kill switch: nothing more goes out, and what is still in the outbox stays there."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.alerts.models import Alert, Halt
from apps.base import audit, clock
from apps.base.problems import Conflict
from apps.notify.services.stopping import stop_tellings


@transaction.atomic
def halt_alerts(*, actor: str, reason: str) -> Halt:
    """Pull it. Raises Conflict if it is pulled already."""
    try:
        with transaction.atomic():
            halt = Halt.objects.create(reason=reason[:200], pulled_by=actor, pulled_at=clock.now())
    except IntegrityError as error:
        raise Conflict(_("The alerts are halted already.")) from error
    for alert in Alert.objects.exclude(current=None).filter(state__in=("in_force", "ended")):
        stop_tellings(cause=alert.cause, actor=actor)
    audit.record(actor=actor, action="alerts.halted", subject="alerts", detail={"reason": reason})
    return halt


@transaction.atomic
def release_alerts(*, actor: str) -> None:
    """Alerts may go out again; what was stopped stays stopped."""
    standing = Halt.objects.select_for_update().filter(released_at=None)
    if standing.update(released_at=clock.now(), released_by=actor):
        audit.record(actor=actor, action="alerts.released", subject="alerts")


def standing_halt() -> Halt | None:
    return Halt.objects.filter(released_at=None).first()
