"""How many cameras a core bears: 640 × 360, every picture of 15 a second decoded, 5 looked at."""

import resource
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

FRAMES, HALF_AN_HOUR = 600, 45  # rounds of forty seconds
SIZE, DECODED_FPS, LOOK_EVERY = (640, 360), 15, 3
FRIGATE = 12 / 4  # cameras a core, a Raspberry Pi 4 with an accelerator, by its users
VIEW = View.from_points([(0, 0), (1, 0), (1, 1), (0, 1)], [(0, 40), (40, 40), (40, 0), (0, 0)])


def measure(*, quick: bool) -> Iterator[Metric]:
    rounds = 2 if quick else HALF_AN_HOUR
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "camera.mp4"
        count = _record(clip)
        seconds, grown_mb = _watched(clip, rounds=rounds)
        looked_at_s = count / DECODED_FPS
    yield Metric(
        "cameras_per_core", "decode 15, look at 5", looked_at_s / seconds, "", "Frigate", FRIGATE
    )
    yield Metric(
        "memory_growth_mb",
        f"{rounds * FRAMES / DECODED_FPS / 60:.0f} minutes of camera",
        grown_mb,
        "MB",
        "limit",
        20,
    )


def _record(path: Path) -> int:
    """A busy road as a camera would send it: 640 × 360, 15 pictures a second, MPEG-4."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), DECODED_FPS, SIZE)
    count = 0
    for frame in islice(frames(sample_path("devices/cdnet_highway/highway.avi")), FRAMES):
        writer.write(cv2.resize(frame, SIZE))
        count += 1
    writer.release()
    return count


def _watched(path: Path, rounds: int) -> tuple[float, float]:
    """CPU seconds of the best round, and how much memory grew after the first."""
    analyser, best_s, first_mb = None, float("inf"), 0.0
    for number in range(rounds):
        begun = time.process_time()
        for n, frame in enumerate(frames(path)):
            analyser = analyser or _camera(frame)
            if n % LOOK_EVERY == 0:
                findings = analyser.step(frame, (number * FRAMES + n) / DECODED_FPS)
                if not findings.health.ok:
                    raise NotMeasuredError(f"the view is not well: {findings.health}")
        best_s = min(best_s, time.process_time() - begun)
        first_mb = first_mb or _peak_mb()
    return best_s, _peak_mb() - first_mb


def _camera(still: Picture) -> Analyser:
    rules = tuple(rule_of(kind, {}) for kind in ("stopped_vehicle", "wrong_way", "accident", "jam"))
    scene = Scene(
        view=VIEW,
        zones=(Zone("road", ROAD, rules),),
        lines=(Line("across", (0.0, 0.5), (1.0, 0.5)),),
        working_width=320,
    )
    return Analyser(scene, reference=Reference.of(still))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
