"""The camera over the crossing: people go over it, cars come between them; at somebody's order one
of the people falls and stays down.

Its plane is the crossing's own: metres along it (from kerb to kerb) and beside it (along the road).
Where that lies on the map is known from the crossing's way.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from math import hypot, pi, sin
from random import Random

import numpy as np

from citizen.demo.cameras.bodies import Car, Walker
from citizen.demo.cameras.canvas import ASPHALT, PAINT, Canvas, Film, Picture, Point, grained
from citizen.demo.cameras.lens import Lens
from citizen.demo.world.plane import to_lonlat

WIDTH, HEIGHT = 640, 360
MAST_M = 9.0
DEEP_M = 4.0  # of the stripes, along the road
CYCLE_S, WALK_S = 48.0, 24.0  # people first, then cars
WALKS_MPS, DRIVES_MPS = 1.25, 8.0
FALLS_AT_S, FALLS_IN_S = 6.0, 0.8

Since = Callable[[], datetime | None]


@dataclass(frozen=True, slots=True)
class Crossing:
    """From one kerb to the other, in the town's plane."""

    start: Point
    end: Point

    @property
    def length_m(self) -> float:
        return hypot(self.end[0] - self.start[0], self.end[1] - self.start[1])

    def town(self, along_m: float, beside_m: float) -> Point:
        """A place of the crossing's plane in the town's."""
        ux, uy = (np.array(self.end) - self.start) / self.length_m
        x, y = self.start
        return (
            float(x + ux * along_m - uy * beside_m), float(y + uy * along_m + ux * beside_m)
        )  # fmt: skip


def lens_over(crossing: Crossing) -> Lens:
    """From a mast at the kerb's middle, along the road."""
    middle = crossing.length_m / 2
    return Lens((middle, -15.0, MAST_M), (middle, 1.0, 0.5), WIDTH, HEIGHT, 62.0)


@dataclass
class CrossingView:
    crossing: Crossing
    fallen_since: Since = lambda: None
    turned_deg: Callable[[], float] = lambda: 0.0
    light: Callable[[datetime], float] = lambda _at: 1.0
    seed: int = 5
    _ground: tuple[float, Picture] | None = field(default=None, repr=False)
    _film: Film = field(default_factory=lambda: Film(HEIGHT, WIDTH, 9), repr=False)

    def __post_init__(self) -> None:
        self.lens = lens_over(self.crossing)

    def draw(self, at: datetime) -> Picture:
        lens = self.lens.turned(self.turned_deg())
        canvas = Canvas(lens, self._drawn_ground(lens).copy())
        for body in sorted(self._bodies(at), key=lambda body: -body.at[1]):
            body.draw(canvas)
        return self._film.develop(canvas.picture, self.light(at))

    # ---------------------------------------------------------------- who is there

    def _bodies(self, at: datetime) -> Iterator[Car | Walker]:
        fallen = self.fallen_since()
        if fallen is not None and at >= fallen:
            yield self._falling((at - fallen).total_seconds())
            return  # the others stop, and wait
        now_s = at.timestamp()
        yield from self._walkers(now_s)
        yield from self._cars(now_s)

    def _falling(self, since_s: float) -> Walker:
        """Comes from the kerb, falls in the middle of the road, and stays."""
        walked_s = min(since_s, FALLS_AT_S)
        down = min(max(since_s - FALLS_AT_S, 0.0) / FALLS_IN_S, 1.0)
        along = -2.0 + WALKS_MPS * walked_s
        return Walker((along, 0.3), "fallen", walked_s if not down else 0.0, down, 0.15)

    def _walkers(self, now_s: float) -> Iterator[Walker]:
        cycle, into_s = divmod(now_s, CYCLE_S)
        chance = Random(f"{self.seed}/{int(cycle)}")
        over_s = (self.crossing.length_m + 6.0) / WALKS_MPS
        for number in range(chance.randint(1, 3)):
            starts_s, back = chance.uniform(0, max(WALK_S - over_s, 2.0)), chance.random() < 0.5
            beside = chance.uniform(-1.5, 1.5)
            walked = WALKS_MPS * (into_s - starts_s)
            if 0 <= walked <= self.crossing.length_m + 6.0:
                along = self.crossing.length_m + 3.0 - walked if back else walked - 3.0
                yield Walker((along, beside), f"{int(cycle)}/{number}", into_s - starts_s)

    def _cars(self, now_s: float) -> Iterator[Car]:
        cycle, into_s = divmod(now_s, CYCLE_S)
        chance = Random(f"{self.seed}/cars/{int(cycle)}")
        for number in range(chance.randint(1, 3)):
            starts_s = WALK_S + 4.0 + 5.0 * number + chance.uniform(0, 1.5)
            driven = DRIVES_MPS * (into_s - starts_s)
            if 0 <= driven <= 70:
                away = number % 2 == 0
                lane = self.crossing.length_m * (0.7 if away else 0.3)
                beside = driven - 12.0 if away else 50.0 - driven
                yield Car((lane, beside), pi / 2, f"{int(cycle)}/{number}")

    # ---------------------------------------------------------------- the street

    def _drawn_ground(self, lens: Lens) -> Picture:
        key = round(lens.turned_deg, 3)
        if self._ground is None or self._ground[0] != key:
            self._ground = (key, grained(self._street(lens), 13, 5.0))
        return self._ground[1]

    def _street(self, lens: Lens) -> Canvas:
        wide = self.crossing.length_m
        canvas = Canvas.empty(lens, (150, 138, 120))
        canvas.area(_strip(-40.0, wide + 40.0, -12.0, 90.0), (134, 140, 146))
        canvas.area(_strip(0.0, wide, -12.0, 90.0), ASPHALT)
        for n in range(int(wide / 0.9)):
            canvas.area(_strip(0.9 * n + 0.2, 0.9 * n + 0.65, -DEEP_M / 2, DEEP_M / 2), PAINT)
        for y in range(5, 85, 6):
            canvas.area(_strip(wide / 2 - 0.08, wide / 2 + 0.08, y, y + 3), (60, 190, 220))
        for side, colour in ((-16.0, (110, 124, 148)), (wide + 5.0, (142, 130, 118))):
            for n, high in enumerate((7.0, 9.0, 6.0, 11.0)):
                ring = [(side, 8 + 16 * n), (side + 11, 8 + 16 * n), (side + 11, 20 + 16 * n),
                        (side, 20 + 16 * n)]  # fmt: skip
                canvas.box([(float(x), float(y)) for x, y in ring], 0.0, high, colour)
        return canvas

    # ---------------------------------------------------------------- for whoever draws zones

    def shares(self, *points: Point) -> list[tuple[float, float]]:
        seen = self.lens.shares(np.array([(x, y, 0.0) for x, y in points]))
        return [(float(x), float(y)) for x, y in seen]

    def marks(self) -> list[tuple[float, float, float, float]]:
        wide = self.crossing.length_m
        spots = [(0.0, -2.0), (wide, -2.0), (wide, 2.0), (0.0, 2.0), (0.0, 14.0), (wide, 14.0)]
        seen = self.shares(*spots)
        return [
            (x, y, *to_lonlat(self.crossing.town(*spot)))
            for (x, y), spot in zip(seen, spots, strict=True)
        ]


def _strip(left: float, right: float, near: float, far: float) -> list[tuple[float, float, float]]:
    return [(left, near, 0.0), (right, near, 0.0), (right, far, 0.0), (left, far, 0.0)]


def daylight(local: datetime) -> float:
    """From 0.55 at night, under lamps, to 1 at noon."""
    hour = local.hour + local.minute / 60
    return 0.55 + 0.45 * max(0.0, sin((hour - 6) / 12 * pi)) ** 0.5 if 6 < hour < 18 else 0.55
