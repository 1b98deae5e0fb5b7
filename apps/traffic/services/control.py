"""Commanding junctions: the lease, the record of every decision, and who may switch the mode."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.base import audit, clock
from apps.base.problems import Conflict, Invalid
from apps.traffic.core.layout import Unsafe
from apps.traffic.models import Junction, PatternOrder, SignalCommand, SignalLease
from apps.traffic.snapshot import load_plan

LEASE = timedelta(seconds=10)


@transaction.atomic
def take_lease(*, junction: Junction, holder: UUID) -> bool:
    """Take or renew the right to command a junction. Whether it is ours now."""
    now = clock.now()
    Junction.objects.select_for_update().get(pk=junction.pk)
    lease = SignalLease.objects.filter(junction=junction).first()
    if lease is not None and lease.holder != holder and lease.until > now:
        return False
    SignalLease.objects.update_or_create(
        junction=junction, defaults={"holder": holder, "until": now + LEASE}
    )
    return True


def release_lease(*, junction: Junction, holder: UUID) -> None:
    SignalLease.objects.filter(junction=junction, holder=holder).delete()


def record_command(
    *,
    junction: Junction,
    stage: int,
    wanted: int,
    why: str,
    outcome: SignalCommand.Outcome,
    cost: float | None = None,
    cost_of_staying: float | None = None,
) -> SignalCommand:
    return SignalCommand.objects.create(
        junction=junction,
        at=clock.now(),
        stage=stage,
        wanted=wanted,
        why=why[:200],
        outcome=outcome,
        cost=cost,
        cost_of_staying=cost_of_staying,
    )


@transaction.atomic
def switch_mode(*, junction: Junction, mode: str, actor: str) -> None:
    """Let a junction be commanded, watched in shadow, or left alone.

    Raises:
        Conflict: its rows are no safe junction, or it was never tried in shadow.
    """
    row = Junction.objects.select_for_update().get(pk=junction.pk)
    if row.mode == mode:
        return
    if mode != Junction.Mode.LOCAL:
        try:
            load_plan(row)
        except Unsafe as error:
            raise Conflict(errors={"stages": str(error)}) from error
    if mode == Junction.Mode.ADAPTIVE and row.mode != Junction.Mode.SHADOW:
        raise Conflict(errors={"mode": _("Watch it in shadow first.")})
    audit.record(
        actor=actor,
        action="traffic.mode",
        subject=f"junction:{row.code}",
        detail={"from": row.mode, "to": mode},
    )
    row.mode = mode
    row.save(update_fields=["mode"])


LONGEST_ORDER = timedelta(hours=12)


@transaction.atomic
def order_pattern(*, junction: Junction, pattern: int, until: datetime, actor: str) -> PatternOrder:
    """Let a junction run one of its controller's patterns until an instant. The process writes it
    under its lease and renews it; when it dies the controller takes itself back.

    Raises:
        Invalid: not one of the junction's patterns, or no time within twelve hours.
    """
    errors = {}
    now = clock.now()
    if pattern not in junction.patterns:
        errors["pattern"] = _("This pattern may not be ordered here.")
    if not now < until <= now + LONGEST_ORDER:
        errors["until"] = _("Within twelve hours from now.")
    if errors:
        raise Invalid(errors=errors)
    order, _created = PatternOrder.objects.update_or_create(
        junction=junction, defaults={"pattern": pattern, "until": until, "ordered_by": actor}
    )
    _record_order(actor, junction, {"pattern": pattern, "until": until})
    return order


@transaction.atomic
def end_pattern(*, junction: Junction, actor: str) -> None:
    """Give the junction back before the order is over. Nothing ordered: nothing changes."""
    ended, _each = PatternOrder.objects.filter(junction=junction).delete()
    if ended:
        _record_order(actor, junction, {"pattern": None})


def _record_order(actor: str, junction: Junction, detail: dict[str, Any]) -> None:
    audit.record(
        actor=actor, action="traffic.pattern", subject=f"junction:{junction.code}", detail=detail
    )
