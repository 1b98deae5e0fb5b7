"""A real car park, its camera turned, covered, darkened: how often a wrong state is published.

Truth is what the lot's own labels (PUCPR) or the undisturbed view (lot B) said. A state is wrong
when something else is published after the harm; "unknown" is never wrong, nor is silence.
"""

import json
from collections.abc import Iterator
from itertools import islice
from xml.etree import ElementTree

import numpy as np

from benchmarks.report import Metric
from benchmarks.samples import sample_path
from benchmarks.vision.footage import picture
from benchmarks.vision.quiet_clips import HARMS
from devices.vision.analyser import Analyser
from devices.vision.arrays import Picture
from devices.vision.findings import BayState
from devices.vision.health import Reference
from devices.vision.occupancy.classifier import OccupancyModel
from devices.vision.occupancy.lot import Lot
from devices.vision.scene import Bay, Scene

TRIALS = 2  # of each harm on each frame
WELL_S, HARMED_S, LOOK_EVERY_S = 8.0, 10.0, 1.0


def measure(*, quick: bool) -> Iterator[Metric]:
    model = OccupancyModel.bundled()
    wrong, late, trials = 0, [], 0
    for frame, bays in islice(_lots(), 1 if quick else None):
        for number, name in enumerate(("moved", "covered", "dark")):
            for trial in range(TRIALS):
                draw = np.random.default_rng([trial, number])
                states, seconds = _published(frame, bays, model, name, draw)
                wrong += states
                late.append(seconds)
                trials += 1
    case = f"moved, covered, dark: {trials} trials"
    yield Metric("wrong_states_published", case, wrong, "", "limit", 0)
    yield Metric("view_distrusted_s", "worst", max(late), "s", "limit", 60)


def _lots() -> Iterator[tuple[Picture, tuple[Bay, ...]]]:
    folder = "parking/pklot_pucpr_frames"
    for path in sorted(sample_path(folder).glob("*.jpg"))[::4]:
        yield picture(f"{folder}/{path.name}"), _pucpr_bays(f"{folder}/{path.stem}.xml")
    spots = json.loads(sample_path("parking/lotB_frames/spots.json").read_text())["spots"]
    yield (
        picture("parking/lotB_frames/scene1380.jpg"),
        tuple(
            _bay(str(n), [(x1, y1), (x2, y1), (x2, y2), (x1, y2)])
            for x1, y1, x2, y2, n in spots[::12]
        ),
    )


def _bay(key: str, pixels: list[tuple[float, float]]) -> Bay:
    a, b, c, d = ((x / 1280, y / 720) for x, y in pixels)
    return Bay(key, (a, b, c, d))


def _pucpr_bays(path: str) -> tuple[Bay, ...]:
    bays = []
    for space in ElementTree.parse(sample_path(path)).getroot().iter("space"):  # noqa: S314
        corners = [(float(p.attrib["x"]), float(p.attrib["y"])) for p in space.iter("point")]
        if len(corners) == 4:
            bays.append(_bay(space.attrib["id"], corners))
    return tuple(bays[::3])


def _published(
    frame: Picture,
    bays: tuple[Bay, ...],
    model: OccupancyModel,
    name: str,
    draw: np.random.Generator,
) -> tuple[int, float]:
    """How many states changed to something else than unknown; when the view was distrusted."""
    analyser = Analyser(Scene(bays=bays), reference=Reference.of(frame), lot=Lot(bays, model))
    before: dict[str, bool | None] = {}
    harmed = HARMS[name](frame, draw)
    wrong, distrusted_s = 0, float("inf")
    for n in range(int((WELL_S + HARMED_S) / LOOK_EVERY_S)):
        at_s = n * LOOK_EVERY_S
        look = _noisy(frame if at_s < WELL_S else harmed, draw)
        findings = analyser.step(look, at_s)
        if at_s < WELL_S:
            before |= {state.bay: state.occupied for state in findings.bays}
            continue
        wrong += sum(_is_wrong(state, before) for state in findings.bays)
        if not findings.health.ok:
            distrusted_s = min(distrusted_s, at_s - WELL_S)
    return wrong, distrusted_s


def _is_wrong(state: BayState, before: dict[str, bool | None]) -> bool:
    return state.occupied is not None and state.occupied is not before.get(state.bay)


def _noisy(look: Picture, draw: np.random.Generator) -> Picture:
    return np.asarray(np.clip(look + draw.normal(0, 2, look.shape), 0, 255), np.uint8)
