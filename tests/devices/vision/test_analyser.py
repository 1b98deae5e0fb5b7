"""The façade over tiny drawn pictures."""

from collections.abc import Iterator

import numpy as np

from devices.vision.analyser import Analyser
from devices.vision.arrays import Picture
from devices.vision.findings import Findings, Reason
from devices.vision.ground import View
from devices.vision.health import Reference
from devices.vision.rules.registry import rule_of
from devices.vision.scene import Line, Scene, Zone

STREET = View.from_points([(0, 0), (1, 0), (1, 1), (0, 1)], [(0, 9), (16, 9), (16, 0), (0, 0)])
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def street(seed: int = 1) -> Picture:
    """A textured street, 320 × 180."""
    coarse = np.random.default_rng(seed).integers(60, 200, (12, 20, 3), np.uint8)
    return np.asarray(coarse.repeat(15, 0).repeat(16, 1), np.uint8)


def noisy(picture: Picture, seed: int) -> Picture:
    noise = np.random.default_rng(seed).integers(-3, 4, picture.shape)
    return np.asarray(np.clip(picture + noise, 0, 255), np.uint8)


def with_car(picture: Picture, x: int, y: int = 100) -> Picture:
    out = picture.copy()
    out[y : y + 30, max(x, 0) : max(x + 50, 0)] = (20, 20, 230)
    return out


def drive(analyser: Analyser, places: Iterator[int | None]) -> Iterator[Findings]:
    for n, x in enumerate(places):
        frame = street() if x is None else with_car(street(), x)
        yield analyser.step(noisy(frame, n), n / 5)


def empty_then(*places: int) -> Iterator[int | None]:
    yield from [None] * 30
    yield from places


def test_it_counts_a_car_once_and_in_its_direction() -> None:
    line = Line("stop line", (0.5, 1.0), (0.5, 0.0))
    analyser = Analyser(Scene(view=STREET, lines=(line,)))
    crossings = [
        crossing
        for found in drive(analyser, empty_then(*range(-40, 320, 10)))
        for crossing in found.crossings
    ]
    assert [(c.line, c.forward, c.kind) for c in crossings] == [("stop line", True, "vehicle")]
    assert crossings[0].speed_kmh is not None
    assert abs(crossings[0].speed_kmh - 10 / 320 * 16 * 5 * 3.6) < 2  # 9 km/h as drawn


def test_it_tells_of_a_stopped_vehicle_with_the_time_it_stopped() -> None:
    zone = Zone("lane", WHOLE, (rule_of("stopped_vehicle", {"after_s": 4}),))
    analyser = Analyser(Scene(view=STREET, zones=(zone,)))
    places = empty_then(*range(-40, 150, 10), *[150] * 40)
    events = [event for found in drive(analyser, places) for event in found.events]
    assert [(event.kind, event.over) for event in events] == [("stopped_vehicle", False)]
    assert abs(events[0].onset_s - (30 + 19) / 5) <= 1.0


def test_it_says_nothing_while_the_view_is_covered() -> None:
    line = Line("stop line", (0.5, 1.0), (0.5, 0.0))
    analyser = Analyser(Scene(view=STREET, lines=(line,)), reference=Reference.of(street()))
    for n in range(40):
        analyser.step(noisy(street(), n), n / 5)
    black = np.zeros((180, 320, 3), np.uint8)
    found = [analyser.step(black, 8 + n / 5) for n in range(20)]
    assert found[-1].health.reason is Reason.DARK
    assert not any(f.crossings or f.tracks or f.levels for f in found)
