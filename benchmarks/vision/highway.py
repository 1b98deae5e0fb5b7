"""CDnet 2012 baseline/highway: moving pixels against hand-drawn masks, vehicles over a line."""

from collections.abc import Iterator

from benchmarks.report import Metric
from benchmarks.vision.footage import (
    HIGHWAY_FPS,
    Passage,
    highway_frames,
    highway_passages,
    highway_region,
    highway_truth,
    highway_view,
)
from devices.vision.analyser import Analyser
from devices.vision.background import Background
from devices.vision.findings import Crossing
from devices.vision.scene import Line, Scene

LANE_MARK = 164 / 320  # where the marks between the lanes meet the line
LINES = (
    Line("left", (60 / 320, 150 / 240), (LANE_MARK, 150 / 240)),
    Line("right", (LANE_MARK, 150 / 240), (260 / 320, 150 / 240)),
)
SLACK_FRAMES = 10  # 0.4 s: our foot is the shadow's edge, the truth's the bumper
KNN_F = 0.918  # OpenCV's own KNN with median, closing and filling, on the same frames


def measure() -> Iterator[Metric]:
    yield Metric("highway_f", "frames 470–1700", _f_measure(), "", "KNN, cleaned", KNN_F)
    passages = highway_passages()
    right, wrong = judge(_crossings(), passages)
    yield Metric("highway_crossings", "in the right lane", right, "", "truth", len(passages))
    yield Metric("highway_crossings_wrong", "nobody passed", wrong, "", "limit", 0)


def _f_measure() -> float:
    """Counts pixels as CDnet does: shadow is not moving, borders and outside don't count."""
    background, truth, region = Background(), dict(highway_truth()), highway_region() > 0
    hit = missed = false = 0
    for n, frame in enumerate(highway_frames(), start=1):
        moving = background.step(frame, n / HIGHWAY_FPS) > 0
        if n not in truth:
            continue
        counts = region & (truth[n] != 85) & (truth[n] != 170)
        real = truth[n] == 255
        hit += int((moving & real & counts).sum())
        missed += int((~moving & real & counts).sum())
        false += int((moving & ~real & counts).sum())
    return 2 * hit / (2 * hit + missed + false)


def _crossings() -> list[Crossing]:
    analyser = Analyser(Scene(view=highway_view(), lines=LINES))
    return [
        crossing
        for n, frame in enumerate(highway_frames(), start=1)
        for crossing in analyser.step(frame, n / HIGHWAY_FPS).crossings
        if n >= 470
    ]


def judge(crossings: list[Crossing], passages: list[Passage]) -> tuple[int, int]:
    """How many passages have a crossing of their own, and how many crossings have none."""
    left = list(passages)
    wrong = 0
    for crossing in crossings:
        frame = round(crossing.at_s * HIGHWAY_FPS)
        mine = [each for each in left if each.lane == crossing.line and _fits(each, frame)]
        if mine:
            left.remove(mine[0])
        else:
            wrong += 1
    return len(passages) - len(left), wrong


def _fits(passage: Passage, frame: int) -> bool:
    return passage.first_frame - SLACK_FRAMES <= frame <= passage.last_frame + SLACK_FRAMES
