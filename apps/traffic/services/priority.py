"""Vehicles that ask for green. Only gateways that were granted it, only kinds they were granted."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.base import audit, clock
from apps.base.problems import Invalid, NotFound, Problem
from apps.traffic.core.priority import LATE_S, Kind
from apps.traffic.models import Junction, PriorityGrant, PriorityRequest, SignalGroup
from devices.models import Gateway

FARTHEST = timedelta(minutes=3)


class NotGranted(Problem):
    slug, status = "priority-not-granted", 403
    title = _("This gateway may not ask for green.")


def request_priority(
    *, gateway_id: int, junction: str, group: int, kind: str, reference: str, arrives_at: datetime
) -> PriorityRequest:
    """A vehicle comes. Again with the same reference: it comes at another time.

    Raises:
        NotGranted: this gateway may not, or not for such vehicles; it stands in the audit chain.
        NotFound: no such junction. Invalid: no such group of vehicles, or a time that cannot be.
    """
    _check_grant(gateway_id, junction, kind)  # what is refused is written down for good
    with transaction.atomic():
        return _ask(gateway_id, junction, group, kind, reference, arrives_at)


def _ask(
    gateway_id: int, junction: str, group: int, kind: str, reference: str, arrives_at: datetime
) -> PriorityRequest:
    row = Junction.objects.select_for_update().filter(code=junction).first()
    if row is None:
        raise NotFound
    _check(row, group, arrives_at)
    known = PriorityRequest.objects.filter(
        junction=row, gateway_id=gateway_id, reference=reference, ended_at=None
    ).first()
    if known is None:
        return PriorityRequest.objects.create(
            junction=row, number=group, kind=kind, gateway_id=gateway_id, reference=reference,
            arrives_at=arrives_at, asked_at=clock.now(),
        )  # fmt: skip
    known.number, known.kind, known.arrives_at = group, kind, arrives_at
    known.save(update_fields=["number", "kind", "arrives_at"])
    return known


def _check_grant(gateway_id: int, junction: str, kind: str) -> None:
    grant = PriorityGrant.objects.filter(gateway_id=gateway_id, gateway__active=True).first()
    if grant is not None and kind in grant.kinds:
        return
    gateway = Gateway.objects.get(pk=gateway_id)
    audit.record(
        actor=f"gateway:{gateway.code}", action="traffic.priority_refused",
        subject=f"junction:{junction}", detail={"kind": kind},
    )  # fmt: skip
    raise NotGranted


def _check(junction: Junction, group: int, arrives_at: datetime) -> None:
    now = clock.now()
    errors: dict[str, object] = {}
    vehicles = SignalGroup.objects.filter(
        junction=junction, number=group, stream=SignalGroup.Stream.VEHICLES
    )
    if not vehicles.exists():
        errors["group"] = _("There is no such signal group of vehicles.")
    if not now - timedelta(seconds=LATE_S) <= arrives_at <= now + FARTHEST:
        errors["arrives_at"] = _("Within three minutes from now.")
    if errors:
        raise Invalid(errors={name: str(text) for name, text in errors.items()})


def end_priority(*, gateway_id: int, junction: str, reference: str) -> None:
    """It has passed. Raises NotFound where nothing is open."""
    ended = PriorityRequest.objects.filter(
        gateway_id=gateway_id, junction__code=junction, reference=reference, ended_at=None
    ).update(ended_at=clock.now())
    if not ended:
        raise NotFound


def end_overdue(*, junction: Junction | None = None) -> int:
    """Vehicles that never came are not waited for any more."""
    since = clock.now() - timedelta(seconds=LATE_S)
    late = PriorityRequest.objects.filter(ended_at=None, arrives_at__lt=since)
    if junction is not None:
        late = late.filter(junction=junction)
    return late.update(ended_at=clock.now())


def grant_priority(*, gateway: Gateway, kinds: list[str], actor: str) -> PriorityGrant:
    """Raises Invalid for a kind that is none."""
    if unknown := set(kinds) - {kind.value for kind in Kind}:
        raise Invalid(errors={"kinds": ", ".join(sorted(unknown))})
    row, _created = PriorityGrant.objects.update_or_create(
        gateway=gateway, defaults={"kinds": kinds}
    )
    audit.record(
        actor=actor, action="traffic.priority_granted", subject=f"gateway:{gateway.code}",
        detail={"kinds": kinds},
    )  # fmt: skip
    return row
