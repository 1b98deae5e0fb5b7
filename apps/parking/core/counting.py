"""From what feeds last said to how many spaces of a pool are taken, and how sure that is.

Each pool is judged from the last words of its feeds alone, as of the newest of them, so the order
and the repetition of what came in cannot matter. Arrays, one row per feed; times are microseconds
since 1970, everything else counts cars.

Every source is a voice with an estimate of the share taken (README.md): a feed that counts, the
sum of single bays, the balance of the gates, the word of a citizen. Voices are pooled in log-odds
(Genest & Zidek 1986, logarithmic opinion pool), each weighed by its odds of being right, which
fade with its age. One voice alone is taken at its word.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from apps.parking.core.voices import (
    LIKELY_RIGHT,
    Bools,
    Floats,
    Integers,
    Voices,
    faded,
    fresh_at,
    joined,
    log_odds,
    pooled,
)

NEVER_US = np.iinfo(np.int64).min
DAY_US = 86_400_000_000
# A bay is believed free from this probability on; less sure ones are never promised.
SURE_ENOUGH = 0.7
# No garage is known whose spaces change hands more often in a day.
TURNOVERS_A_DAY = 6.0
REPORT_FADES_US = 600_000_000


class Role(IntEnum):
    FREE = 0
    OCCUPIED = 1
    GATE_IN = 2
    GATE_OUT = 3
    BAY = 4


class Way(IntEnum):
    """How a pool is known."""

    COUNT = 0
    BAYS = 1
    GATES = 2
    FUSED = 3
    STAFF = 4
    REPORT = 5


class Flaw(IntEnum):
    NONE = 0
    NEGATIVE = 1
    OVER_CAPACITY = 2


@dataclass(frozen=True)
class Feeds:
    """One row per feed. `pool` counts pools from 0; feeds never heard are left out.
    `fresh_for_us` is how long a word of this feed may be taken for the present; `trust` from 0 to 1
    is how well it has agreed with the others; `bay` tells bays apart (of other roles: -1)."""

    pool: Integers
    role: Integers
    value: Floats
    at_us: Integers
    fresh_for_us: Integers
    anchor_count: Floats
    trust: Floats
    bay: Integers


@dataclass(frozen=True)
class Reports:
    """What citizens said of late: full, or not."""

    pool: Integers
    full: Bools
    at_us: Integers


@dataclass(frozen=True)
class Pools:
    """One row per pool: its spaces, when it was last counted and what was found, and how many cars
    its gates miscount per car."""

    total: Integers
    anchor_occupied: Integers
    anchored_us: Integers
    gate_error: Floats


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
    confidence: Floats


NO_REPORTS = Reports(np.empty(0, np.int64), np.empty(0, np.bool_), np.empty(0, np.int64))


def count(feeds: Feeds, pools: Pools, reports: Reports = NO_REPORTS) -> Counts:
    """1. Put the feeds in an order of their own. 2. Hear each voice. 3. Pool them."""
    feeds = _in_order(feeds)
    as_of = _newest(feeds, len(pools.total))
    voices = joined(
        _counting(feeds),
        _bays(feeds, pools, as_of),
        _gates(feeds, pools, as_of),
        *([_reported(reports, pools, as_of)] if len(reports.pool) else []),
    )
    heard = pooled(_within_time(voices, as_of), pools.total)
    return Counts(
        occupied=heard.taken,
        at_us=as_of,
        fresh_until_us=heard.fresh_until_us,
        way=np.where(heard.several, int(Way.FUSED), heard.way),
        flaw=np.where(heard.raw < 0, 1, np.where(heard.raw > pools.total, 2, 0)),
        confidence=heard.confidence,
    )


def estimates(feeds: Feeds, pools: Pools) -> Voices:
    """Each voice by itself, before they are pooled: for whoever asks who contradicts whom."""
    feeds = _in_order(feeds)
    as_of = _newest(feeds, len(pools.total))
    return joined(_counting(feeds), _bays(feeds, pools, as_of), _gates(feeds, pools, as_of))


def _in_order(feeds: Feeds) -> Feeds:
    """Sums of floats depend on their order; this makes it one that depends on the words alone."""
    order = np.lexsort(tuple(vars(feeds).values()))
    return Feeds(**{name: column[order] for name, column in vars(feeds).items()})


def _newest(feeds: Feeds, pools: int) -> Integers:
    at = np.full(pools, NEVER_US)
    np.maximum.at(at, feeds.pool, feeds.at_us)
    return at


def _within_time(voices: Voices, as_of: Integers) -> Voices:
    """A voice whose time was over when another spoke has no say any more."""
    return voices.only(voices.until_us >= as_of[voices.pool])


def _counting(feeds: Feeds) -> Voices:
    chosen = np.flatnonzero(feeds.role <= Role.OCCUPIED)
    said = feeds.value[chosen]
    return Voices(
        pool=feeds.pool[chosen],
        way=np.full(len(chosen), int(Way.COUNT)),
        # Free spaces are turned into taken ones where the total is known: in `pooled`.
        taken=said,
        says_free=feeds.role[chosen] == Role.FREE,
        right=LIKELY_RIGHT["count"] * feeds.trust[chosen],
        at_us=feeds.at_us[chosen],
        until_us=feeds.at_us[chosen] + feeds.fresh_for_us[chosen],
    )


def _bays(feeds: Feeds, pools: Pools, as_of: Integers) -> Voices:
    """Each bay by the log-odds of its sensors, then the sum. A camera says how likely a bay is
    taken, and is itself only likely right. Taken is what is not surely free: an unknown bay is
    never promised to anyone."""
    chosen = feeds.role == Role.BAY
    pool, at = feeds.pool[chosen], feeds.at_us[chosen]
    fresh_for = feeds.fresh_for_us[chosen]
    right, says = LIKELY_RIGHT["bay"] * feeds.trust[chosen], np.clip(feeds.value[chosen], 0, 1)
    odds = log_odds(right * says + (1 - right) * (1 - says))
    weight = faded(as_of[pool] - at, fresh_for) * fresh_at(as_of[pool] - at, fresh_for)
    bays, which = np.unique(feeds.bay[chosen], return_inverse=True)
    of_pool = np.zeros(len(bays), dtype=np.int64)
    of_pool[which] = pool
    taken = 1 / (1 + np.exp(-np.bincount(which, weights=odds * weight, minlength=len(bays))))
    free = np.bincount(of_pool[1 - taken >= SURE_ENOUGH], minlength=len(pools.total))
    surely = np.bincount(of_pool, weights=np.maximum(taken, 1 - taken), minlength=len(pools.total))
    seen = np.bincount(of_pool, minlength=len(pools.total))
    each = np.unique(pool)
    blind = np.maximum(pools.total - seen, 0)
    until = np.full(len(pools.total), NEVER_US)
    np.maximum.at(until, pool, at + fresh_for)
    return Voices(
        pool=each,
        way=np.full(len(each), int(Way.BAYS)),
        taken=(pools.total - free)[each].astype(np.float64),
        says_free=np.zeros(len(each), dtype=np.bool_),
        right=((surely + 0.5 * blind) / np.maximum(seen + blind, 1))[each],
        at_us=_newest(_only(feeds, chosen), len(pools.total))[each],
        until_us=until[each],
    )


def _gates(feeds: Feeds, pools: Pools, as_of: Integers) -> Voices:
    """The last count, plus what went in since, minus what went out. The more cars passed since
    then, the less the balance is worth."""
    into = feeds.role == Role.GATE_IN
    chosen = into | (feeds.role == Role.GATE_OUT)
    moved = np.where(into, 1.0, -1.0) * (feeds.value - feeds.anchor_count)
    spaces = len(pools.total)
    balance = np.bincount(feeds.pool[chosen], weights=moved[chosen], minlength=spaces)
    passed: Floats = np.bincount(
        feeds.pool[chosen], weights=np.abs(moved[chosen]), minlength=spaces
    ).astype(np.float64)
    until = np.full(spaces, NEVER_US)
    np.maximum.at(until, feeds.pool[chosen], feeds.at_us[chosen] + feeds.fresh_for_us[chosen])
    still_right = _still_right(passed, pools, as_of)
    each = np.unique(feeds.pool[chosen])
    trust = np.ones(spaces)
    np.minimum.at(trust, feeds.pool[chosen], feeds.trust[chosen])
    return Voices(
        pool=each,
        way=np.full(len(each), int(Way.GATES)),
        taken=(pools.anchor_occupied + balance)[each],
        says_free=np.zeros(len(each), dtype=np.bool_),
        right=(LIKELY_RIGHT["gates"] * trust * still_right)[each],
        at_us=_newest(_only(feeds, chosen), spaces)[each],
        until_us=until[each],
    )


def _still_right(passed: Floats, pools: Pools, as_of: Integers) -> Floats:
    days = np.where(
        pools.anchored_us == NEVER_US, 1.0, np.maximum(as_of - pools.anchored_us, 0) / DAY_US
    )
    cars = np.minimum(passed, (days * TURNOVERS_A_DAY + 1) * pools.total)
    return np.asarray(np.exp(-pools.gate_error * cars / (0.05 * pools.total + 1)))


def _reported(reports: Reports, pools: Pools, as_of: Integers) -> Voices:
    """Full is all taken; a space found is one free. Heard only beside a device."""
    order = np.lexsort((reports.full, reports.at_us, reports.pool))
    pool, full, at = reports.pool[order], reports.full[order], reports.at_us[order]
    known = as_of[pool] != NEVER_US
    pool, full, at = pool[known], full[known], at[known]
    age = np.maximum(as_of[pool] - at, 0)
    return Voices(
        pool=pool,
        way=np.full(len(pool), int(Way.REPORT)),
        taken=np.where(full, pools.total[pool], np.maximum(pools.total[pool] - 1, 0)) * 1.0,
        says_free=np.zeros(len(pool), dtype=np.bool_),
        right=0.5 + (LIKELY_RIGHT["report"] - 0.5) * faded(age, np.full(len(age), REPORT_FADES_US)),
        at_us=np.maximum(at, as_of[pool]),
        until_us=np.maximum(at, as_of[pool]),
    )


def _only(feeds: Feeds, wanted: NDArray[np.bool_]) -> Feeds:
    return Feeds(**{name: column[wanted] for name, column in vars(feeds).items()})
