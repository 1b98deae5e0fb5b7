"""Staff know better for a while: a count of their own, a device left out or believed."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.base import audit, clock
from apps.base.problems import Invalid
from apps.parking.models import CapacityPool, Override, PoolFeed
from apps.parking.services.availability import refresh_pools

LONGEST = timedelta(days=30)
Kind = Override.Kind


@transaction.atomic
def override_count(
    *, pool: CapacityPool, occupied: int, reason: str, actor: str, expires_at: datetime
) -> Override:
    """So many spaces are taken until then, whatever devices say.

    Raises:
        Invalid: more than the pool has, or not for a while to come.
    """
    if not 0 <= occupied <= pool.total:
        raise Invalid(errors={"occupied": _("Between 0 and the number of spaces.")})
    return _set(
        Override(kind=Kind.COUNT, pool=pool, occupied=occupied), reason, actor, expires_at, pool.pk
    )


@transaction.atomic
def override_feed(
    *, feed: PoolFeed, believe: bool, reason: str, actor: str, expires_at: datetime
) -> Override:
    """Leave a device out, or believe it although it excluded itself. Raises Invalid."""
    kind = Kind.INCLUDE if believe else Kind.EXCLUDE
    return _set(Override(kind=kind, feed=feed), reason, actor, expires_at, feed.pool_id)


def _set(
    override: Override, reason: str, actor: str, expires_at: datetime, pool_id: int
) -> Override:
    """The newest of a target holds; the one before ends with it."""
    now = clock.now()
    if not now < expires_at <= now + LONGEST:
        raise Invalid(errors={"expires_at": _("In the future, at most 30 days ahead.")})
    if not reason.strip():
        raise Invalid(errors={"reason": _("Say why.")})
    same = Override.objects.in_force(now).filter(pool=override.pool, feed=override.feed)
    same.update(ended_at=now)
    override.reason, override.set_by = reason.strip()[:200], actor
    override.starts_at, override.expires_at = now, expires_at
    override.save(force_insert=True)
    _record(override, actor, "set")
    refresh_pools([pool_id])
    return override


@transaction.atomic
def end_override(*, override: Override, actor: str) -> None:
    """Let devices speak again. Twice is once."""
    if Override.objects.filter(pk=override.pk, ended_at=None).update(ended_at=clock.now()):
        _record(override, actor, "ended")
        refresh_pools([_pool_of(override)])


def _record(override: Override, actor: str, what: str) -> None:
    audit.record(
        actor=actor,
        action=f"parking.override.{what}",
        subject=f"parking.pool:{_pool_of(override)}",
        detail={"kind": override.kind, "override": override.pk},
    )


def _pool_of(override: Override) -> int:
    if override.pool_id is not None:
        return override.pool_id
    assert override.feed is not None, "an override has one target"
    return override.feed.pool_id


@transaction.atomic
def close_expired() -> int:
    """Overrides whose time is over stop counting by themselves; this brings the counts up to date
    and writes down that they ended."""
    over = list(
        Override.objects.filter(ended_at=None, expires_at__lte=clock.now())
        .select_related("feed")
        .select_for_update(of=("self",), skip_locked=True)
    )
    for override in over:
        override.ended_at = override.expires_at
    Override.objects.bulk_update(over, ["ended_at"])
    refresh_pools(sorted({_pool_of(override) for override in over}))
    return len(over)
