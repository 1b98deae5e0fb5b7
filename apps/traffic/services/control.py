"""Commanding junctions: the lease, the record of every decision, and who may switch the mode."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.base import audit, clock
from apps.base.problems import Conflict
from apps.traffic.core.layout import Unsafe
from apps.traffic.models import Junction, SignalCommand, SignalLease
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
