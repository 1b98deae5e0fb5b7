"""The lights over a build's crossings as this process knows them, read anew every few seconds."""

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from apps.base import clock
from apps.navigation.cache.serving import Serving
from apps.navigation.core.signals import Crossing, Lights, Rhythm, part_of
from apps.navigation.models import BoundSignal
from apps.traffic.models import SignalGroup, SignalRhythm

REFRESH = timedelta(seconds=5)
CYCLE_STEP_S = 5.0  # people are priced anew when a cycle has changed by about as much


@dataclass(frozen=True, slots=True)
class _Kept:
    read_at: datetime
    lights: Lights


_known: "WeakKeyDictionary[Serving, _Kept]" = WeakKeyDictionary()
_lock = threading.Lock()


def lights_on(serving: Serving) -> Lights:
    with _lock:
        now, kept = clock.now(), _known.get(serving)
        if kept is None or not timedelta(0) <= now - kept.read_at < REFRESH:
            kept = _known[serving] = _Kept(now, _read(serving))
        return kept.lights


def _read(serving: Serving) -> Lights:
    rows = BoundSignal.objects.filter(build__code=serving.code).select_related(
        "group__junction", "group__rhythm"
    )
    by_group: dict[int, list[BoundSignal]] = defaultdict(list)
    for row in rows.order_by("group_id", "segment"):
        by_group[row.group_id].append(row)
    crossings = tuple(_crossing(serving, bound) for bound in by_group.values())
    return Lights(_version(crossings), crossings)


def _crossing(serving: Serving, bound: list[BoundSignal]) -> Crossing:
    group = bound[0].group
    return Crossing(
        ref=ref_of(group),
        parts=tuple(part_of(serving.terrain.graph, row.segment) for row in bound),
        walk_s=group.min_green_s,
        clear_s=group.clearance_s,
        rhythm=_rhythm(getattr(group, "rhythm", None)),
        group=group.pk,
    )


def ref_of(group: SignalGroup) -> str:
    return f"{group.junction.code}/{group.number}"


def _rhythm(row: SignalRhythm | None) -> Rhythm | None:
    if row is None or row.cycle_s is None:
        return None
    return Rhythm(row.cycle_s, row.sd_s, row.green_at.timestamp())


def _version(crossings: Iterable[Crossing]) -> int:
    """What people are priced by: lengths and times, the cycle roughly; not when green came last."""
    return hash(
        tuple(
            (c.ref, c.parts, c.walk_s, c.clear_s, c.rhythm and c.rhythm.cycle_s // CYCLE_STEP_S)
            for c in crossings
        )
    )


def forget() -> None:
    """Drop what was read, as tests do between databases."""
    _known.clear()
