"""Rules over drawn tracks: each is suspicious of its own, and of nothing else."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pytest

from devices.vision.arrays import Box
from devices.vision.findings import Event, Severity
from devices.vision.ground import View
from devices.vision.rules.registry import RULES, rule_of
from devices.vision.rules.rule import Moment, Resting, Rule, Vigil
from devices.vision.scene import Zone
from devices.vision.tracking import Meeting, Track

# The picture is 40 m wide and high; north is up.
VIEW = View(((40, 0, 0), (0, -40, 40), (0, 0, 1)), calibrated=True)
ZONE = Zone("zone", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
FPS = 5
Place = tuple[float, float]


def track(number: int, kind: str, places: Sequence[Place], flat_from: int | None = None) -> Track:
    """Seen five times a second there; from `flat_from` on its box lies instead of standing."""
    path = [(n / FPS, *place) for n, place in enumerate(places)]
    boxes = [
        (n / FPS, _box(place, flat=flat_from is not None and n >= flat_from))
        for n, place in enumerate(places)
    ]
    end_s = path[-1][0]
    moved = np.subtract(places[-1], places[-2]) * FPS if len(places) > 1 else (0.0, 0.0)
    return Track(
        number=number,
        kind=kind,
        box=boxes[-1][1],
        alone=boxes[-1][1],
        state=np.array([*places[-1], *moved]),
        spread=np.eye(4),
        born_s=0.0,
        seen_s=end_s,
        score=1.0,
        hits=len(places),
        confirmed=True,
        path=deque(path),
        boxes=deque(boxes),
    )


def _box(place: Place, *, flat: bool) -> Box:
    ((x, y),) = VIEW.picture(np.array([place]))
    wide, high = (0.06, 0.03) if flat else (0.02, 0.06)
    return Box(float(x) - wide / 2, float(y) - high, float(x) + wide / 2, float(y))


def line(start: Place, end: Place, seconds: float) -> list[Place]:
    share = np.linspace(0, 1, round(seconds * FPS) + 1)
    return [(start[0] + (end[0] - start[0]) * s, start[1] + (end[1] - start[1]) * s) for s in share]


def watched(rule: Rule, *actors: tuple[str, list[Place]], **more: object) -> list[Event]:
    """All events, with every actor shown look by look."""
    vigil = Vigil(ZONE, rule)
    told: list[Event] = []
    for look in range(2, max(len(places) for _, places in actors) + 1):
        seen = [
            track(n, kind, places[:look])
            for n, (kind, places) in enumerate(actors, start=1)
            if look <= len(places)
        ]
        told += vigil.look(Moment((look - 1) / FPS, VIEW, seen, **more))  # type: ignore[arg-type]
    return told


DRIVES = line((5, 20), (35, 20), 5)
STOPS = [*line((5, 20), (25, 20), 3), *[(25.0, 20.0)] * 60]
WALKS = line((5, 20), (30, 20), 25)
PACES = [
    *line((5, 20), (15, 20), 8),
    *(line((15, 20), (18, 20), 3) + line((18, 20), (15, 20), 3)) * 4,
]
TAKEN_OVER = [*DRIVES, *line((35, 20), (5, 20), 5)[1:]]
JUMPS = [*DRIVES, (25.0, 20.0), (22.0, 20.0), (20.0, 20.0), *line((20, 20), (24, 20), 3)]
CRASHES = [*line((5, 20), (20, 20), 1.5), *[(20.0, 20.0)] * 25]
STANDS = [(23.0, 20.0)] * (len(CRASHES))
WAITS_BESIDE = [(21.0, 23.5)] * (len(CRASHES))  # in the next lane
# From 10 m/s with 3 m/s²; two metres behind.
QUEUES = [(16.5 - 1.5 * (10 / 3 - n / FPS) ** 2, 20.0) for n in range(1 + int(FPS * 10 / 3))] + [
    (16.5, 20.0)
] * 25


@pytest.mark.parametrize(
    ("kind", "parameters", "actors", "onset_s"),
    [
        ("stopped_vehicle", {}, [("vehicle", STOPS)], 3.0),
        ("stopped_vehicle", {}, [("vehicle", DRIVES)], None),
        ("stopped_vehicle", {}, [("person", STOPS)], None),
        ("illegal_parking", {"after_s": 60}, [("vehicle", STOPS)], None),  # a kerb has its grace
        ("wrong_way", {"arrow": [[1.0, 0.5], [0.0, 0.5]]}, [("vehicle", DRIVES)], 0.0),
        ("wrong_way", {"arrow": [[0.0, 0.5], [1.0, 0.5]]}, [("vehicle", DRIVES)], None),
        ("wrong_way", {"arrow": [[0.5, 0.0], [0.5, 1.0]]}, [("vehicle", DRIVES)], None),
        # its number was another's before, which drove as it should
        ("wrong_way", {"arrow": [[0.0, 0.5], [1.0, 0.5]]}, [("vehicle", TAKEN_OVER)], 5.0),
        ("wrong_way", {"arrow": [[0.0, 0.5], [1.0, 0.5]]}, [("vehicle", JUMPS)], None),
        ("intrusion", {}, [("person", WALKS)], 0.8),
        ("intrusion", {}, [("person", [(5.0, 20.0)] * 40)], None),  # a bush, not a burglar
        ("loitering", {"after_s": 10}, [("person", PACES)], 4.0),
        ("loitering", {"after_s": 10}, [("person", WALKS)], None),
        ("crowd", {"people": 3}, [("person", WALKS)] * 3, 0.2),
        ("crowd", {"people": 3}, [("person", WALKS)] * 2, None),
        ("accident", {}, [("vehicle", CRASHES), ("vehicle", STANDS)], 1.4),
        ("accident", {}, [("vehicle", CRASHES)], None),  # alone it is a stop
        ("accident", {}, [("vehicle", DRIVES), ("vehicle", STANDS)], None),
        ("accident", {}, [("vehicle", CRASHES), ("vehicle", WAITS_BESIDE)], None),
        ("accident", {}, [("vehicle", QUEUES), ("vehicle", [(23.0, 20.0)] * len(QUEUES))], None),
    ],
)  # fmt: skip
def test_it_is_suspicious_of_that_alone(
    kind: str,
    parameters: dict[str, object],
    actors: list[tuple[str, list[Place]]],
    onset_s: float | None,
) -> None:
    events = [event for event in watched(rule_of(kind, parameters), *actors) if not event.over]
    if onset_s is None:
        assert events == []
    else:
        assert [event.kind for event in events] == [kind]
        assert events[0].onset_s == pytest.approx(onset_s, abs=0.8)


@pytest.mark.parametrize(
    ("way", "grown", "accident"),
    [(CRASHES, 2.0, True), (QUEUES, 2.0, False), (CRASHES, 1.0, False)],
)
def test_it_knows_how_somebody_came_who_went_into_a_box(
    way: list[Place], grown: float, accident: bool
) -> None:
    """Too fast and still in it, or to wait behind it, or out of it again."""
    met_s = (way.index(way[-1]) - 1) / FPS
    struck = track(1, "vehicle", [(23.0, 20.0)] * len(way))
    struck.boxes = deque(
        (at_s, box if at_s < met_s else Box(box.left, box.bottom - grown * box.height, *box[2:]))
        for at_s, box in struck.boxes
    )
    came = [(n / FPS, *place) for n, place in enumerate(way) if n / FPS < met_s]
    struck.met.append(Meeting(met_s, tuple(came)))
    told = list(rule_of("accident", {}).suspicions(ZONE, Moment(struck.seen_s, VIEW, [struck])))
    assert [suspicion.since_s for suspicion in told] == ([met_s] if accident else [])


def test_it_sees_a_fall_and_no_fall_in_somebody_who_was_never_upright() -> None:
    places = line((5, 20), (10, 20), 4) + [(10.0, 20.0)] * 20
    vigil = Vigil(ZONE, rule_of("fall", {}))
    told = [
        event
        for look in range(2, len(places))
        for event in vigil.look(
            Moment(look / FPS, VIEW, [track(1, "person", places[: look + 1], flat_from=20)])
        )
    ]
    assert [(event.kind, event.severity) for event in told] == [("fall", Severity.SEVERE)]
    assert told[0].onset_s == pytest.approx(4.0, abs=0.3)
    never = track(2, "person", places, flat_from=0)
    assert list(rule_of("fall", {}).suspicions(ZONE, Moment(9, VIEW, [never]))) == []


@pytest.mark.parametrize(
    ("size_m", "height_m", "owner_m", "suspicious"),
    [
        (0.5, 0.4, 8.0, True), (0.5, 0.4, 1.0, False), (3.0, 1.0, 8.0, False),
        (0.05, 0.1, 8.0, False), (0.6, 1.7, 8.0, False),  # the last stands, on two legs
    ],
)  # fmt: skip
def test_it_asks_whose_bag_that_is(
    size_m: float, height_m: float, owner_m: float, suspicious: bool
) -> None:
    bag = Resting(1, Box(0.49, 0.48, 0.51, 0.5), since_s=10.0, size_m=size_m, height_m=height_m)
    owner = track(1, "person", [(20.0 + owner_m, 20.0)] * 3)
    found = list(
        rule_of("abandoned_object", {}).suspicions(ZONE, Moment(40.0, VIEW, [owner], resting=[bag]))
    )
    assert [each.since_s for each in found] == ([10.0] if suspicious else [])


@pytest.mark.parametrize(
    ("local", "armed"),
    [
        (datetime(2026, 3, 6, 23, 0), True),  # noqa: DTZ001 Friday night
        (datetime(2026, 3, 7, 5, 59), True),  # noqa: DTZ001 and on into Saturday
        (datetime(2026, 3, 7, 6, 0), False),  # noqa: DTZ001
        (datetime(2026, 3, 7, 23, 0), False),  # noqa: DTZ001 Saturday night is not named
        (None, True),  # who knows no clock watches always
    ],
)
def test_it_watches_by_the_clock_and_over_midnight(local: datetime | None, armed: bool) -> None:
    rule = rule_of("intrusion", {"hours": [[5, 22 * 60, 6 * 60]]})
    events = watched(rule, ("person", WALKS), local=local)
    assert bool(events) is armed


def test_it_tells_an_event_once_and_once_more_when_it_is_over() -> None:
    gone = [*STOPS, *line((25, 20), (39, 20), 2), *[(39.0, 39.0)] * 20]
    events = watched(rule_of("stopped_vehicle", {}), ("vehicle", gone))
    assert [event.over for event in events] == [False, True]
    assert events[0].key == events[1].key


def test_it_is_deaf_below_the_confidence_staff_asked_for() -> None:
    loud = watched(rule_of("intrusion", {}), ("person", WALKS[:12]))
    deaf = watched(rule_of("intrusion", {"least_confidence": 0.95}), ("person", WALKS[:12]))
    assert loud
    assert not deaf


@pytest.mark.parametrize("kind", sorted(RULES))
def test_it_reads_every_rule_with_nothing_given(kind: str) -> None:
    assert rule_of(kind, {}).kind == kind


@pytest.mark.parametrize(
    ("kind", "parameters", "says"),
    [
        ("levitation", {}, "no such rule"),
        ("fall", {"height": 3}, "unknown height"),
        ("fall", {"after_s": -1}, "negative"),
        ("fall", {"after_s": "soon"}, "fall"),
        ("fall", {"severity": "Awful"}, "Awful"),
        ("fall", {"least_confidence": 2}, "between 0 and 1"),
        ("wrong_way", {"arrow": [[0.5, 0.5], [0.5, 0.5]]}, "length"),
        ("intrusion", {"hours": [[8, 0, 10]]}, "weekday"),
    ],
)
def test_it_refuses_a_rule_that_makes_no_sense(
    kind: str, parameters: dict[str, object], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        rule_of(kind, parameters)
