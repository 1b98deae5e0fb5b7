"""From what feeds last said to how many spaces of a pool are taken. Arrays, one row per feed.

Each pool is judged from the last values of its feeds alone, so the order and the repetition of
what came in cannot matter. Times are microseconds since 1970, everything else counts cars.

Three ways to know a pool, of which the one heard last speaks (README.md):
counts say the number itself; bays add up; gates add what went in and out since the last count.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NEVER_US = np.iinfo(np.int64).min


class Role(IntEnum):
    FREE = 0
    OCCUPIED = 1
    GATE_IN = 2
    GATE_OUT = 3
    BAY = 4


class Way(IntEnum):
    """How a pool is known; the smaller wins where two are equally new."""

    COUNT = 0
    BAYS = 1
    GATES = 2


class Flaw(IntEnum):
    NONE = 0
    NEGATIVE = 1
    OVER_CAPACITY = 2


@dataclass(frozen=True)
class Feeds:
    """One row per feed, sorted by pool. `pool` counts pools from 0; feeds never heard are left
    out. `fresh_for_us` is how long a word of this feed may be taken for the present."""

    pool: Integers
    role: Integers
    value: Floats
    at_us: Integers
    fresh_for_us: Integers
    anchor_count: Floats


@dataclass(frozen=True)
class Counts:
    """One row per pool. `at_us` is NEVER_US where nothing was heard; the rest means nothing
    there. `occupied` lies within 0 and the total; `flaw` says whether it had to be brought there.
    """

    occupied: Integers
    at_us: Integers
    fresh_until_us: Integers
    way: Integers
    flaw: Integers


def count(feeds: Feeds, *, total: Integers, anchor_occupied: Integers, now_us: int) -> Counts:
    """Judge every pool; `total` and `anchor_occupied` have one entry per pool."""
    pools = len(total)
    said = (
        _newest_count(feeds, total),
        _bays(feeds, total, now_us),
        _gates(feeds, anchor_occupied),
    )
    at_us = np.stack([at for _, at, _ in said])
    way = np.argmax(at_us, axis=0)
    each = np.arange(pools)
    raw = np.stack([value for value, _, _ in said])[way, each]
    fresh_until_us = np.stack([until for _, _, until in said])[way, each]
    flaw = np.where(
        raw < 0, int(Flaw.NEGATIVE), np.where(raw > total, int(Flaw.OVER_CAPACITY), int(Flaw.NONE))
    )
    occupied = np.rint(np.clip(raw, 0, total)).astype(np.int64)
    return Counts(occupied, at_us[way, each], fresh_until_us, way, flaw)


Said = tuple[Floats, Integers, Integers]  # occupied, heard at, fresh until; one row per pool


def _nothing(pools: int) -> Said:
    never = np.full(pools, NEVER_US)
    return np.zeros(pools), never, never.copy()


def _latest(feeds: Feeds, chosen: NDArray[np.bool_], pools: int) -> tuple[Integers, Integers]:
    """When any of the chosen feeds of a pool was last heard, and until when that is fresh."""
    at = np.full(pools, NEVER_US)
    until = np.full(pools, NEVER_US)
    pool = feeds.pool[chosen]
    np.maximum.at(at, pool, feeds.at_us[chosen])
    np.maximum.at(until, pool, feeds.at_us[chosen] + feeds.fresh_for_us[chosen])
    return at, until


def _newest_count(feeds: Feeds, total: Integers) -> Said:
    """The newest word of a feed that counts the pool itself; of two at once, the fuller."""
    chosen = np.flatnonzero(feeds.role <= Role.OCCUPIED)
    value, at, until = _nothing(len(total))
    if not len(chosen):
        return value, at, until
    pool, role = feeds.pool[chosen], feeds.role[chosen]
    said = feeds.value[chosen]
    taken = np.where(role == Role.FREE, total[pool] - said, said)
    order = np.lexsort((taken, feeds.at_us[chosen]))  # later entries overwrite earlier ones
    pool, chosen = pool[order], chosen[order]
    value[pool] = taken[order]
    at[pool] = feeds.at_us[chosen]
    until[pool] = feeds.at_us[chosen] + feeds.fresh_for_us[chosen]
    return value, at, until


def _bays(feeds: Feeds, total: Integers, now_us: int) -> Said:
    """Taken is what was not seen free of late: an unknown bay is never promised to anyone."""
    chosen = feeds.role == Role.BAY
    at, until = _latest(feeds, chosen, len(total))
    fresh = feeds.at_us + feeds.fresh_for_us >= now_us
    seen_free = chosen & fresh & (feeds.value < 0.5)
    free = np.bincount(feeds.pool[seen_free], minlength=len(total))
    return (total - free).astype(np.float64), at, until


def _gates(feeds: Feeds, anchor_occupied: Integers) -> Said:
    """The last count, plus what went in since, minus what went out."""
    into = feeds.role == Role.GATE_IN
    chosen = into | (feeds.role == Role.GATE_OUT)
    at, until = _latest(feeds, chosen, len(anchor_occupied))
    moved = np.where(into, 1.0, -1.0) * (feeds.value - feeds.anchor_count)
    balance = np.bincount(feeds.pool[chosen], weights=moved[chosen], minlength=len(anchor_occupied))
    return (anchor_occupied + balance).astype(np.float64), at, until
