"""How many cameras a core bears: 640 × 360, every picture of 15 a second decoded, 5 looked at."""

import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import cv2

from benchmarks.report import Metric, NotMeasuredError
from benchmarks.samples import sample_path
from benchmarks.vision.footage import frames
from benchmarks.vision.road_clips import ROAD
from devices.vision.analyser import Analyser
from devices.vision.arrays import Picture
from devices.vision.ground import View
from devices.vision.health import Reference
from devices.vision.rules.registry import rule_of
from devices.vision.scene import Line, Scene, Zone

FRAMES, ROUNDS = 600, 4  # of forty seconds each; the best counts
SIZE, DECODED_FPS, LOOK_EVERY = (640, 360), 15, 3
FRIGATE = 12 / 4  # cameras a core, a Raspberry Pi 4 with an accelerator, by its users
VIEW = View.from_points([(0, 0), (1, 0), (1, 1), (0, 1)], [(0, 40), (40, 40), (40, 0), (0, 0)])


def measure(*, quick: bool) -> Iterator[Metric]:
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "camera.mp4"
        count = _record(clip)
        seconds = _watched(clip, rounds=2 if quick else ROUNDS)
    yield Metric(
        "cameras_per_core", "decode 15, look at 5", count / DECODED_FPS / seconds, "", "Frigate",
        FRIGATE,
    )  # fmt: skip


def _record(path: Path) -> int:
    """A busy road as a camera would send it: 640 × 360, 15 pictures a second, MPEG-4."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), DECODED_FPS, SIZE)
    count = 0
    for frame in islice(frames(sample_path("devices/cdnet_highway/highway.avi")), FRAMES):
        writer.write(cv2.resize(frame, SIZE))
        count += 1
    writer.release()
    return count


def _watched(path: Path, rounds: int) -> float:
    """CPU seconds of the best round."""
    analyser, best_s = None, float("inf")
    for number in range(rounds):
        begun = time.process_time()
        for n, frame in enumerate(frames(path)):
            analyser = analyser or _camera(frame)
            if n % LOOK_EVERY == 0:
                findings = analyser.step(frame, (number * FRAMES + n) / DECODED_FPS)
                if not findings.health.ok:
                    raise NotMeasuredError(f"the view is not well: {findings.health}")
        best_s = min(best_s, time.process_time() - begun)
    return best_s


def _camera(still: Picture) -> Analyser:
    rules = tuple(rule_of(kind, {}) for kind in ("stopped_vehicle", "wrong_way", "accident", "jam"))
    scene = Scene(
        view=VIEW,
        zones=(Zone("road", ROAD, rules),),
        lines=(Line("across", (0.0, 0.5), (1.0, 0.5)),),
        working_width=320,
    )
    return Analyser(scene, reference=Reference.of(still))
