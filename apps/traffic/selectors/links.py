"""Links and how they flow: for screens, for feeds, and for whoever plans ways by car.

slowdowns(at=when) -> Slowdowns     how much longer than freely each stretch of road takes
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.gis.geos import Polygon
from django.db.models import QuerySet

from apps.base import clock, live
from apps.traffic.core.forecast import HORIZONS_MIN
from apps.traffic.core.fusion import SLOWEST_MPS, level_of
from apps.traffic.models import LinkState

TOPIC = "traffic.links:all"
NOW = timedelta(minutes=7)  # up to here the present speed holds
LATEST = timedelta(minutes=75)  # from here nothing is known
OLDEST = timedelta(minutes=10)


def as_row(state: LinkState) -> live.Row:
    """A link's flow as screens see it; the line itself comes with `link_features`."""
    return {
        "id": state.link.code,
        "version": state.version,
        "speed_kmh": None if state.speed_mps is None else round(state.speed_mps * 3.6, 1),
        "level": state.level,
        "seen_at": state.seen_at,
        "ahead_kmh": [round(speed * 3.6, 1) for speed in state.ahead_mps],
    }


class LinksSource:
    """The live topic `traffic.links:all`."""

    def rows(self, key: str, *, since: int | None) -> Iterable[live.Row]:
        if key != "all":
            raise KeyError(key)
        states = LinkState.objects.filter(link__in_use=True).select_related("link")
        if since is not None:
            states = states.filter(changed_in__gte=since)
        return [as_row(state) for state in states.order_by("pk")]


links_source = LinksSource()


def known_links() -> QuerySet[LinkState]:
    """Links of which something was seen of late."""
    states = LinkState.objects.filter(link__in_use=True, speed_mps__isnull=False)
    return states.select_related("link__start", "link__end").order_by("link__code")


def link_features(box: tuple[float, float, float, float] | None = None) -> list[dict[str, Any]]:
    """Links with a known flow as GeoJSON features."""
    states = known_links()
    if box is not None:
        states = states.filter(link__geom__bboverlaps=Polygon.from_bbox(box))
    return [_feature(state) for state in states]


def _feature(state: LinkState) -> dict[str, Any]:
    link = state.link
    return {
        "type": "Feature",
        "id": link.code,
        "geometry": {"type": "LineString", "coordinates": [list(p) for p in link.geom.coords]},
        "properties": as_row(state) | {
            "names": link.names,
            "free_kmh": round(link.free_mps * 3.6, 1),
            "ahead_levels": [
                level_of(speed, link.free_mps).value for speed in state.ahead_mps
            ],
        },
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slowdowns:
    """Times the free travel time, by the link's nodes on the map in driving order. `version` is
    equal where the slowdowns are."""

    version: int
    by_nodes: Mapping[tuple[int, ...], float]


FREELY = Slowdowns(0, {})
STEPS = 10  # slowdowns are told apart by tenths: finer changes nobody's way


def slowdowns(*, at: datetime | None = None) -> Slowdowns:
    """Of the links of which enough is known at an instant; all others flow freely."""
    now = clock.now()
    ahead = (at or now) - now
    if not -NOW <= ahead <= LATEST:
        return FREELY
    found: dict[tuple[int, ...], float] = {}
    states = known_links().filter(seen_at__gte=now - OLDEST)
    columns = ("link__osm_nodes", "link__free_mps", "speed_mps", "ahead_mps")
    for nodes, free_mps, speed_mps, ahead_mps in states.values_list(*columns):
        speed = _speed_at(ahead, speed_mps, ahead_mps)
        slowdown = round(max(free_mps / max(speed, SLOWEST_MPS), 1.0) * STEPS) / STEPS
        if slowdown > 1.0:
            found[tuple(nodes)] = slowdown
    return Slowdowns(hash(frozenset(found.items())), found) if found else FREELY


def _speed_at(ahead: timedelta, speed_mps: float, ahead_mps: list[float]) -> float:
    """The nearest forecast, or the present speed where there is none."""
    if ahead <= NOW or len(ahead_mps) != len(HORIZONS_MIN):
        return speed_mps
    minutes = ahead.total_seconds() / 60.0
    place = min(range(len(HORIZONS_MIN)), key=lambda k: abs(HORIZONS_MIN[k] - minutes))
    return ahead_mps[place]
