"""The camera on the market's roof, over the lot: its bays as they are on the map, a car in each
that is taken."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import atan2

import numpy as np

from citizen.demo.cameras.bodies import Car
from citizen.demo.cameras.canvas import ASPHALT, PAINT, Canvas, Film, Picture, Point, grained
from citizen.demo.cameras.lens import Lens, Place
from citizen.demo.world.parking import LOT, Bay, ParkingSite
from citizen.demo.world.plane import to_plane

WIDTH, HEIGHT = 960, 540
ROOF_M = 30.0

Taken = Callable[[datetime], Mapping[str, bool]]


def lens_over(site: ParkingSite) -> Lens:
    """High above the lot's southern edge, as on a mast."""
    x, y = LOT.place(0.0, -30.0)
    at_x, at_y = LOT.place(0.0, -2.6)
    assert site.kind == "camera_lot"
    return Lens((x, y, ROOF_M), (at_x, at_y, 0.0), WIDTH, HEIGHT, 60.0)


@dataclass(frozen=True)
class Space:
    """A bay in metres: its corners on the ground, in drawing order."""

    code: str
    corners: tuple[Point, ...]

    @classmethod
    def of(cls, bay: Bay) -> "Space":
        return cls(bay.code, tuple(to_plane(lon, lat) for lon, lat in bay.ring[:4]))

    @property
    def middle(self) -> Point:
        x, y = np.mean(self.corners, axis=0)
        return float(x), float(y)

    @property
    def heading(self) -> float:
        """Along its longer side."""
        a, b, c = (np.array(corner) for corner in self.corners[:3])
        along = b - a if np.linalg.norm(b - a) > np.linalg.norm(c - b) else c - b
        return atan2(along[1], along[0])


@dataclass
class LotView:
    """Draws the lot at an instant. `taken` says which bays are, `turned` how far the camera is."""

    site: ParkingSite
    taken: Taken
    turned_deg: Callable[[], float] = lambda: 0.0
    light: Callable[[datetime], float] = lambda _at: 1.0
    _drawn: tuple[object, Picture] | None = field(default=None, repr=False)
    _film: Film = field(default_factory=lambda: Film(HEIGHT, WIDTH), repr=False)

    def __post_init__(self) -> None:
        self.lens = lens_over(self.site)
        self.spaces = [Space.of(bay) for bay in self.site.bays]

    def draw(self, at: datetime) -> Picture:
        lens, taken = self.lens.turned(self.turned_deg()), self.taken(at)
        standing = frozenset(code for code, there in taken.items() if there)
        key = (round(lens.turned_deg, 3), standing)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, self._drawn_cars(lens, standing, f"{at:%j}"))
        return self._film.develop(self._drawn[1], self.light(at))

    def _drawn_cars(self, lens: Lens, standing: frozenset[str], day: str) -> Picture:
        canvas = Canvas(lens, self._drawn_ground(lens))
        far_first = sorted(self.spaces, key=lambda space: -lens.depth((*space.middle, 0.0)))
        for space in far_first:
            if space.code in standing:
                Car(space.middle, space.heading, f"{space.code}/{day}").draw(canvas)
        return canvas.picture

    def corners(self, space: Space) -> list[tuple[float, float]]:
        """Where a bay lies in the picture: as somebody would draw it over a still."""
        shares = self.lens.shares(np.array([(*point, 0.0) for point in space.corners]))
        return [(float(x), float(y)) for x, y in shares]

    def marks(self) -> list[tuple[float, float, float, float]]:
        """Corners of the lot in the picture and on the map."""
        ring = [(lon, lat) for lon, lat in self.site.ring[:4]]
        ring += [(b.ring[0][0], b.ring[0][1]) for b in (self.site.bays[0], self.site.bays[-1])]
        seen = self.lens.shares(np.array([(*to_plane(lon, lat), 0.0) for lon, lat in ring]))
        return [
            (float(x), float(y), lon, lat) for (x, y), (lon, lat) in zip(seen, ring, strict=True)
        ]

    def _drawn_ground(self, lens: Lens) -> Picture:
        canvas = Canvas.empty(lens, (70, 96, 84))
        canvas.area(_on_ground(LOT.ring()), ASPHALT)
        for space in self.spaces:
            ring = _on_ground(space.corners)
            canvas.line([*ring, ring[0]], PAINT, 1)
        self._surroundings(canvas)
        return grained(canvas, 11)

    def _surroundings(self, canvas: Canvas) -> None:
        """A hall, a kerb and some trees, so that there is something to know the view by."""
        for u_m, v_m, wide, deep, high, colour in (
            (-24.0, 8.0, 7.0, 20.0, 6.0, (104, 120, 150)),
            (24.5, 2.0, 7.0, 26.0, 5.0, (128, 132, 120)),
            (0.0, 26.0, 44.0, 8.0, 7.0, (92, 100, 128)),
        ):  # fmt: skip
            c = LOT.place(u_m, v_m)
            canvas.box(_block(c, wide, deep), 0.0, high, colour)
        for u_m, v_m in ((-20.0, -13.0), (-20.5, -6.0), (20.0, -15.0), (-19.5, 21.0)):
            x, y = LOT.place(u_m, v_m)
            canvas.box(_block((x, y), 2.4, 2.4), 0.8, 3.6, (60, 104, 70))


def _block(centre: Point, wide: float, deep: float) -> list[Point]:
    return [
        LOT.place(*_local(centre, u, v))
        for u, v in ((-wide / 2, -deep / 2), (wide / 2, -deep / 2), (wide / 2, deep / 2),
                     (-wide / 2, deep / 2))
    ]  # fmt: skip


def _local(centre: Point, u: float, v: float) -> Point:
    c, s = np.cos(LOT.heading), np.sin(LOT.heading)
    x, y = centre[0] - LOT.centre[0], centre[1] - LOT.centre[1]
    return float(c * x + s * y + u), float(-s * x + c * y + v)


def _on_ground(points: Sequence[Point]) -> list[Place]:
    return [(x, y, 0.0) for x, y in points]
