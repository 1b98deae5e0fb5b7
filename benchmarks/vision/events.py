"""Events over synthesised clips: found, in time, and nothing else.

`python -m benchmarks.vision.events development` says what is missed and mistaken on the clips that
thresholds may be chosen on; the benchmark itself reports the test clips.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np

from benchmarks.report import Metric
from benchmarks.vision import lawn_clips, quiet_clips, road_clips
from benchmarks.vision.clips import BEGINS_S, Clip, Draw, Split
from devices.vision.analyser import Analyser
from devices.vision.health import Reference

SEEDS = {Split.DEVELOPMENT: 20260, Split.TEST: 51823}
TOLERANCE_S = 5.0  # farther off in time is another event
MAKERS: dict[Callable[[Draw, Split], Clip], int] = {
    road_clips.stopped: 16,
    road_clips.wrong_way: 16,
    road_clips.accident: 12,
    road_clips.queue: 12,
    lawn_clips.intrusion: 12,
    lawn_clips.by_day: 4,
    lawn_clips.passing: 6,
    lawn_clips.loitering: 10,
    lawn_clips.crowd: 6,
    lawn_clips.fall: 12,
    lawn_clips.abandoned: 12,
    quiet_clips.harmed: 16,
    quiet_clips.quiet: 14,
}


@dataclass(slots=True)
class Score:
    hits: int = 0
    missed: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    off_by_s: list[float] = field(default_factory=list)
    quiet_s: float = 0.0
    quiet_alarms: int = 0

    @property
    def f1(self) -> float:
        wrong = sum(self.missed.values()) + sum(self.false.values())
        return 2 * self.hits / (2 * self.hits + wrong)


def measure() -> Iterator[Metric]:
    score, clips = Score(), 0
    for clip in made(Split.TEST):
        judge(clip, told(clip), score)
        clips += 1
    onset_s = float(np.sqrt(np.mean(np.square(score.off_by_s))))
    case = f"{clips} test clips"
    yield Metric("event_f1", case, score.f1, "", "AI City 2020 winner", 0.9855)
    yield Metric("event_onset_s", f"{case}, RMS", onset_s, "s", "AI City 2020 winner", 4.87)


def made(split: Split) -> Iterator[Clip]:
    """The same clips for the same seed, each from a generator of its own."""
    for number, (maker, count) in enumerate(MAKERS.items()):
        for n in range(count):
            yield maker(np.random.default_rng([SEEDS[split], number, n]), split)


def told(clip: Clip) -> list[tuple[str, float]]:
    """What the analyser tells of it: kind and onset. Alike in every order: OpenCV's model of the
    background draws by chance."""
    cv2.setRNGSeed(1)
    analyser = Analyser(clip.scene, reference=Reference.of(clip.looks[0]))
    events, reason = [], ""
    for frame, at_s in clip.frames():
        findings = analyser.step(frame, at_s, clip.local)
        events += [(e.kind, e.onset_s) for e in findings.events if not e.over]
        if findings.health.reason not in {"", reason}:
            events.append((f"view {findings.health.reason}", findings.health.since_s))
        reason = findings.health.reason or reason
    return events


def judge(clip: Clip, events: list[tuple[str, float]], score: Score) -> None:
    left = dict(clip.expected)
    for kind, onset_s in events:
        if kind in left and abs(onset_s - left[kind]) <= TOLERANCE_S:
            score.hits += 1
            score.off_by_s.append(onset_s - left.pop(kind))
        elif kind not in clip.allowed:
            score.false[f"{clip.kind}: {kind}"] += 1
            score.quiet_alarms += not clip.expected
    score.missed.update(left.keys())
    if not clip.expected:
        score.quiet_s += len(clip.looks) * clip.every_s - BEGINS_S


def explain(split: Split, *, among: str = "") -> None:
    """What is missed and what is mistaken, clip by clip."""
    cv2.setNumThreads(1)
    total = Score()
    stretches = quiet_clips.stretches(np.random.default_rng(SEEDS[split]), split)
    for number, clip in enumerate([*made(split), *stretches]):
        if among not in clip.kind:
            continue
        score, events = Score(), told(clip)
        judge(clip, events, score)
        judge(clip, events, total)
        if score.missed or score.false:
            print(number, clip.kind, clip.expected, events, flush=True)
    print(f"F1 {total.f1:.4f}", dict(total.missed), dict(total.false))
    print(f"{total.quiet_alarms} in {total.quiet_s:.0f} s")


if __name__ == "__main__":
    explain(Split(sys.argv[1]), among=sys.argv[2] if len(sys.argv) > 2 else "")
