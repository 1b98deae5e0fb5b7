"""What is in the way, as this process knows it: pulled by version before every question.

Rows are placed on a build's segments once for each of their versions. What holds at an instant is
chosen from them: an obstruction that begins tonight does not close the way this morning.
"""

import threading
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from weakref import WeakKeyDictionary

import numpy as np

from apps.accounts.core.mobility import MobilityProfile
from apps.city.models import Obstruction
from apps.city.selectors.obstructions import obstructions_since
from apps.navigation.cache import flow
from apps.navigation.cache import lights as lights_cache
from apps.navigation.cache.serving import Serving
from apps.navigation.core.arrays import U1, frozen
from apps.navigation.core.overlay import Obstacle, Overlay
from apps.navigation.core.planning import Moment, moment_for
from apps.navigation.core.search import CLOSED, Traveller
from apps.navigation.core.signals import Lights
from apps.navigation.snapshot.obstructions import (
    closes_driving,
    driving_segments,
    lights_obstacle,
    walking_obstacle,
)


@dataclass(frozen=True, slots=True)
class Placed:
    """One obstruction's row on one build's segments."""

    version: int
    valid_from: datetime
    valid_to: datetime | None
    obstacle: Obstacle
    driven: tuple[int, ...]

    def holds_at(self, instant: datetime) -> bool:
        return self.valid_from <= instant and (self.valid_to is None or instant < self.valid_to)


@dataclass(frozen=True, eq=False)
class Today:
    """What is in the way of one build at one instant; `key` is equal where the obstacles are."""

    key: frozenset[tuple[str, int]]
    overlay: Overlay
    driven: tuple[int, ...]
    lights: Lights


class Known:
    """All open obstructions on one build."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._placed: dict[str, Placed] = {}
        self._horizon: int | None = None
        self._lock = threading.Lock()
        self._latest: Today | None = None
        self._moments: dict[MobilityProfile, tuple[frozenset[tuple[str, int]], Moment]] = {}

    def at(self, instant: datetime) -> Today:
        """Pull what changed, then choose what holds."""
        with self._lock:
            self._pull()
            lights = lights_cache.lights_on(self._serving)
            held = {ref: p for ref, p in self._placed.items() if p.holds_at(instant)}
            key = frozenset((ref, placed.version) for ref, placed in held.items())
            key |= {("lights", lights.version)}
            if self._latest is None or self._latest.key != key:
                self._latest = _today(key, held, lights)
            return replace(self._latest, lights=lights)

    def moment(self, person: Traveller, today: Today) -> Moment:
        """What today means for a person, kept until either changes."""
        profile = person.prices.profile
        assert profile is not None
        kept = self._moments.get(profile)
        if kept is not None and kept[0] == today.key:
            return kept[1]
        if len(self._moments) > MOMENTS_KEPT:
            self._moments.clear()
        moment = moment_for(person, today.overlay)
        self._moments[profile] = (today.key, moment)
        return moment

    def _pull(self) -> None:
        overlay = obstructions_since(self._horizon)
        for row in overlay.rows:
            self._take(row)
        self._horizon = overlay.version

    def _take(self, row: Obstruction) -> None:
        ref = str(row.code)
        known = self._placed.get(ref)
        if not row.is_open:
            self._placed.pop(ref, None)
        elif known is None or known.version < row.version:
            self._placed[ref] = self._place(row)

    def _place(self, row: Obstruction) -> Placed:
        serving, terrain = self._serving, self._serving.terrain
        driven: tuple[int, ...] = ()
        if serving.roads and serving.road_grid and closes_driving(row):
            driven = driving_segments(serving.roads.graph, serving.road_grid, row)
        obstacle = walking_obstacle(terrain.graph, terrain.grid, row)
        return Placed(row.version, row.valid_from, row.valid_to, obstacle, driven)


MOMENTS_KEPT = 64
_known: "WeakKeyDictionary[Serving, Known]" = WeakKeyDictionary()
_making = threading.Lock()


def obstacles_on(serving: Serving) -> Known:
    """What is known of obstructions on a build; goes with the build."""
    with _making:
        if serving not in _known:
            _known[serving] = Known(serving)
        return _known[serving]


def _today(key: frozenset[tuple[str, int]], held: dict[str, Placed], lights: Lights) -> Today:
    obstacles = tuple(held[ref].obstacle for ref in sorted(held))
    obstacles += tuple(map(lights_obstacle, lights.crossings))
    driven = tuple(sorted({s for placed in held.values() for s in placed.driven}))
    return Today(key, Overlay(hash(key), obstacles), driven, lights)


@lru_cache(maxsize=8)
def driving_ruling(segments_n: int, driven: tuple[int, ...]) -> U1:
    """Per road segment: ordinary or closed to cars."""
    ruling = np.zeros(segments_n, dtype=np.uint8)
    ruling[list(driven)] = CLOSED
    return frozen(ruling)


def forget() -> None:
    """Drop what was pulled, as tests do between databases."""
    _known.clear()
    flow.forget()
    lights_cache.forget()
