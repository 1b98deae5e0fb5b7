"""PETS 2009 S2.L1, View_001: people followed without weights, the clip's own calibration.

A camera has hung for hours before anybody asks; the clip has no empty beginning. So the model of
the background sees the clip once before it is judged on it; the tracker begins anew.
"""

from collections.abc import Iterator

from benchmarks.report import Metric
from benchmarks.vision.footage import PETS_FPS, pets_frames, pets_truth, pets_view
from benchmarks.vision.mot import Named, tally
from devices.vision.analyser import Analyser
from devices.vision.scene import Scene, Subject, Zone

EVERYWHERE = Zone("everywhere", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
BLOBS_MOTA, BLOBS_MAE = 0.44, 1.25  # MOG2 and boxes around blobs, followed, on the same clip


def measure() -> Iterator[Metric]:
    result = tally(dict(pets_truth()), _seen())
    yield Metric("pets_mota", "795 frames, IoU 0.5", result.mota, "", "blobs", BLOBS_MOTA)
    yield Metric("pets_count_mae", "of 5.85 people", result.count_mae, "", "blobs", BLOBS_MAE)
    yield Metric("pets_swaps", "identities", result.swapped, "")


def _seen() -> dict[int, list[Named]]:
    analyser = Analyser(Scene(view=pets_view(), subject=Subject.PEOPLE, zones=(EVERYWHERE,)))
    seen: dict[int, list[Named]] = {}
    for at, frame in enumerate(pets_frames() * 2):
        findings = analyser.step(frame, at / PETS_FPS)
        seen[at - len(pets_frames())] = [
            (each.track, each.box) for each in findings.tracks if each.seen_s == findings.at_s
        ]
    return seen
