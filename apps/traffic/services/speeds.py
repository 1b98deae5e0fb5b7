"""What was seen of links becomes their speed: samples in, states and screens out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.gis.geos import MultiPoint, Point
from django.db import transaction

from apps.base import clock, live
from apps.base.geo import project
from apps.city.models import the_city
from apps.city.selectors.metres import within_m
from apps.traffic.core.fusion import (
    LOOK_BACK_S,
    SLOWEST_MPS,
    Fused,
    Line,
    Sample,
    Source,
    fused,
    level_of,
    matched,
)
from apps.traffic.models import Link, LinkSample, LinkState
from apps.traffic.selectors.links import TOPIC, as_row

FASTEST_MPS = 60.0
AHEAD = timedelta(seconds=5)  # a clock may go before ours by as much
PROBE_REACH_M = 25.0
_SEEN = ("speed_mps", "sd_mps", "level", "sources", "samples_n", "seen_at")


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at a link."""

    link: int
    at: datetime
    source: Source
    speed_mps: float
    vehicles_n: float = 1.0


@dataclass(frozen=True, slots=True)
class Probe:
    """A vehicle under way: where, when, how fast, and whither it drives."""

    lon: float
    lat: float
    at: datetime
    speed_mps: float
    bearing_deg: float | None = None


@transaction.atomic
def note_seen(*, seen: Iterable[Seen]) -> int:
    """Keep what was seen of late and bring its links up to date; how many looks counted. What is
    impossible, too old or of the future is passed over."""
    now = clock.now()
    since = now - timedelta(seconds=LOOK_BACK_S)
    fit = [
        one
        for one in seen
        if 0.0 <= one.speed_mps <= FASTEST_MPS and since <= one.at <= now + AHEAD
    ]
    LinkSample.objects.bulk_create(
        LinkSample(
            link_id=one.link, at=min(one.at, now), source=one.source,
            speed_mps=max(one.speed_mps, SLOWEST_MPS), vehicles_n=max(one.vehicles_n, 1.0),
        )
        for one in fit
    )  # fmt: skip
    refresh_links(pks={one.link for one in fit})
    return len(fit)


def note_probes(*, probes: Sequence[Probe]) -> int:
    """Speeds of vehicles on their way, matched to links; how many were. Where they were is not
    kept."""
    if not probes:
        return 0
    srid = the_city().srid
    east, north = project([p.lon for p in probes], [p.lat for p in probes], srid=srid)
    places = list(zip(east.tolist(), north.tolist(), strict=True))
    near = Link.objects.filter(
        within_m(MultiPoint([Point(x, y) for x, y in places]), PROBE_REACH_M), in_use=True
    )
    lines = [Line(pk, geom.coords) for pk, geom in near.values_list("pk", "geom_m")]
    found: list[Seen] = []
    for probe, place in zip(probes, places, strict=True):
        link = matched(lines, *place, probe.bearing_deg)
        if link is not None:
            found.append(Seen(link, probe.at, Source.PROBE, probe.speed_mps))
    return note_seen(seen=found)


@transaction.atomic
def refresh_links(*, pks: Collection[int]) -> None:
    """Fuse what is known of these links anew, in the order of their ids, and tell screens."""
    if not pks:
        return
    now = clock.now()
    samples: dict[int, list[Sample]] = defaultdict(list)
    since = now - timedelta(seconds=LOOK_BACK_S)
    for row in LinkSample.objects.filter(link__in=pks, at__gte=since):
        samples[row.link_id].append(
            Sample(row.at.timestamp(), row.speed_mps, Source(row.source), row.vehicles_n)
        )
    LinkState.objects.bulk_create((LinkState(link_id=pk) for pk in pks), ignore_conflicts=True)
    states = LinkState.objects.filter(link__in=pks).select_related("link").order_by("pk")
    seen = list(states.select_for_update(of=("self",)))
    touched = LinkState.touched()
    for state in seen:
        _set(state, fused(samples[state.pk], now.timestamp()), touched)
    LinkState.objects.bulk_update(seen, [*_SEEN, *touched])
    live.announce(TOPIC, [as_row(state) for state in states])


def _set(state: LinkState, found: Fused | None, touched: Mapping[str, Any]) -> None:
    state.speed_mps = found.speed_mps if found else None
    state.sd_mps = found.sd_mps if found else None
    state.level = level_of(state.speed_mps, state.link.free_mps).value
    state.sources = [source.value for source in found.sources] if found else []
    state.samples_n = found.samples_n if found else 0
    if found:
        state.seen_at = datetime.fromtimestamp(found.at_s, UTC)
    for name, value in touched.items():
        setattr(state, name, value)


def age_links() -> int:
    """Links nothing was seen of for long are not known any more; called by beat."""
    since = clock.now() - timedelta(seconds=LOOK_BACK_S)
    old = LinkState.objects.filter(seen_at__lt=since, speed_mps__isnull=False)
    pks = list(old.values_list("pk", flat=True)[:5000])
    refresh_links(pks=pks)
    return len(pks)
