"""What ends by itself: alerts whose time ran out."""

from django.db import transaction

from apps.alerts.models import Alert
from apps.alerts.selectors.active import TOPIC, alert_row
from apps.alerts.services.streets import close_streets
from apps.base import audit, clock, live
from apps.base.models import LiveRow


@transaction.atomic
def end_expired() -> int:
    """An alert that nobody prolonged is over, and its streets are open; called every minute."""
    over = (
        Alert.objects.in_force()
        .filter(current__expires_at__lte=clock.now())
        .select_for_update(skip_locked=True, of=("self",))
    )
    for alert in list(over):
        Alert.objects.filter(pk=alert.pk).update(
            **LiveRow.touched(), state=Alert.State.ENDED, ended_at=clock.now()
        )
        alert.refresh_from_db()
        audit.record(actor="city", action="alerts.expired", subject=alert.cause)
        if alert.status == Alert.Status.ACTUAL:
            close_streets(alert, actor="city")
            live.announce(TOPIC, [alert_row(alert)])
    return len(over)
