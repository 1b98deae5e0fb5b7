"""What people and machines are shown of a site. The one place where a number becomes visible:
what is too old to be the present is not shown as a number at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LIVE, STALE, UNKNOWN = "live", "stale", "unknown"
FEW_SHARE = 0.05
GENERAL = "general"


@dataclass(frozen=True, slots=True)
class PoolFacts:
    category: str
    total: int
    occupied: int | None
    flaw: str
    source: str
    observed_at: datetime | None
    fresh_until: datetime | None
    confidence: float = 0.0  # when it was observed

    def quality(self, now: datetime) -> str:
        if self.occupied is None or self.fresh_until is None:
            return UNKNOWN
        return LIVE if now <= self.fresh_until else STALE

    def free(self, now: datetime) -> int | None:
        if self.occupied is None or self.quality(now) != LIVE:
            return None
        return self.total - self.occupied

    def sureness(self, now: datetime) -> float | None:
        """How sure the number is by now: half as sure when its time is over."""
        if self.quality(now) != LIVE or self.observed_at is None or self.fresh_until is None:
            return None
        lasts = (self.fresh_until - self.observed_at).total_seconds()
        age = max((now - self.observed_at).total_seconds(), 0.0)
        return self.confidence * 0.5 ** (age / lasts) if lasts else 0.0


@dataclass(frozen=True, slots=True)
class SiteFacts:
    code: str
    version: int
    names: Mapping[str, str]
    kind: str
    lon: float
    lat: float
    closed: bool
    covered: bool
    approximate: bool
    max_height_m: float | None
    gone: bool
    pools: tuple[PoolFacts, ...]


def headline(site: SiteFacts) -> tuple[PoolFacts, ...]:
    """The pools that the site's own numbers add up: those for everybody, where there are any."""
    return tuple(pool for pool in site.pools if pool.category == GENERAL) or site.pools


def shown(site: SiteFacts, now: datetime) -> dict[str, Any]:
    """The row of a site, the same on every door. `free` is null unless `quality` is live."""
    if site.gone:
        return {"id": site.code, "version": site.version, "gone": True}
    pools = headline(site)
    free = _added([pool.free(now) for pool in pools])
    capacity = sum(pool.total for pool in pools)
    return {
        "id": site.code,
        "version": site.version,
        "names": site.names,
        "kind": site.kind,
        "lat": site.lat,
        "lon": site.lon,
        "covered": site.covered,
        "max_height_m": site.max_height_m,
        "approximate": site.approximate,
        "capacity": capacity,
        "free": free,
        "state": _state(site, free, capacity),
        "quality": _quality(pools, now),
        "confidence": _least([pool.sureness(now) for pool in pools]),
        "source": next((pool.source for pool in pools if pool.source), ""),
        "observed_at": _earliest([pool.observed_at for pool in pools]),
        "fresh_until": _earliest([pool.fresh_until for pool in pools]),
        "pools": [_shown_pool(pool, now) for pool in site.pools],
    }


def _shown_pool(pool: PoolFacts, now: datetime) -> dict[str, Any]:
    return {
        "category": pool.category,
        "total": pool.total,
        "free": pool.free(now),
        "quality": pool.quality(now),
        "confidence": _rounded(pool.sureness(now)),
        "flaw": pool.flaw,
        "source": pool.source,
        "observed_at": pool.observed_at,
        "fresh_until": pool.fresh_until,
    }


def _added(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def _least(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return _rounded(min(known)) if known and len(known) == len(values) else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _earliest(instants: list[datetime | None]) -> datetime | None:
    known = [instant for instant in instants if instant is not None]
    return min(known) if known and len(known) == len(instants) else None


def _quality(pools: tuple[PoolFacts, ...], now: datetime) -> str:
    """A sum is no better than its worst part."""
    found = {pool.quality(now) for pool in pools}
    return next((worst for worst in (UNKNOWN, STALE, LIVE) if worst in found), UNKNOWN)


def _state(site: SiteFacts, free: int | None, capacity: int) -> str:
    if site.closed:
        return "closed"
    if free is None:
        return "unknown"
    if free == 0:
        return "full"
    return "few" if free <= max(1, capacity * FEW_SHARE) else "free"
