"""Gates set right by themselves: at the bounds of what can be, and by sources that count."""

from datetime import datetime

import numpy as np
from django.db import transaction

from apps.base import clock
from apps.parking.core.anchoring import Balance, set_right
from apps.parking.core.counting import Feeds, Role, Way, estimates
from apps.parking.core.voices import Voices, pooled
from apps.parking.models import CapacityPool, PoolFeed, PoolState
from apps.parking.services.provisioning import anchor_pool
from apps.parking.snapshot import LockedPools, lock_pools, read_feeds

GATES = (PoolFeed.Role.GATE_IN, PoolFeed.Role.GATE_OUT)


def set_gates_right() -> int:
    """Returns how many pools were anchored anew."""
    gated = set(PoolFeed.objects.filter(role__in=GATES).values_list("pool_id", flat=True))
    return sum(_set_right(pool_id) for pool_id in sorted(gated))


@transaction.atomic
def _set_right(pool_id: int) -> bool:
    now = clock.now()
    pools = lock_pools([pool_id])
    if not len(pools.ids):
        return False
    feeds = read_feeds(pools, now)
    balance = _balance(pools, feeds, now)
    anchor = set_right(balance) if balance else None
    if anchor is None:
        return False
    PoolState.objects.filter(pk=pool_id).update(gate_error=anchor.error)
    anchor_pool(pool=CapacityPool.objects.get(pk=pool_id), occupied=anchor.occupied)
    return True


def _balance(pools: LockedPools, feeds: Feeds, now: datetime) -> Balance | None:
    voices = estimates(feeds, pools.facts)
    gates = voices.only(voices.way == Way.GATES)
    if not len(gates.pool):
        return None
    passing = (feeds.role == Role.GATE_IN) | (feeds.role == Role.GATE_OUT)
    other, sure = _other(voices, pools, now)
    return Balance(
        taken=float(gates.taken[0]),
        total=int(pools.total[0]),
        passed=float(np.abs(feeds.value - feeds.anchor_count)[passing].sum()),
        error=float(pools.facts.gate_error[0]),
        other=other,
        other_sure=sure,
    )


def _other(voices: Voices, pools: LockedPools, now: datetime) -> tuple[int | None, float]:
    """What is known without the gates, as far as it is the present."""
    fresh = voices.until_us >= int(now.timestamp() * 1e6)
    others = voices.only((voices.way != Way.GATES) & fresh)
    if not len(others.pool):
        return None, 0.0
    heard = pooled(others, pools.total)
    return int(heard.taken[0]), float(heard.confidence[0])
