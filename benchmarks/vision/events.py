"""Events over synthesised clips: found, in time, and nothing else."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from benchmarks.report import Metric
from benchmarks.vision import lawn_clips, quiet_clips, road_clips
from benchmarks.vision.clips import BEGINS_S, Clip
from devices.vision.analyser import Analyser
from devices.vision.health import Reference

SEED = 20260
TOLERANCE_S = 5.0  # farther off in time is another event
DAY_S = 86400.0
MAKERS: dict[Callable[[np.random.Generator], Clip], int] = {
    road_clips.stopped: 16,
    road_clips.wrong_way: 16,
    road_clips.accident: 12,
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
    for clip in made():
        judge(clip, told(clip), score)
        clips += 1
    case = f"{clips} clips"
    onset_s = float(np.sqrt(np.mean(np.square(score.off_by_s))))
    alarms = score.quiet_alarms * DAY_S / score.quiet_s
    yield Metric("event_f1", case, score.f1, "", "AI City 2020 winner", 0.9855)
    yield Metric("event_onset_s", "root mean square", onset_s, "s", "AI City 2020 winner", 4.87)
    yield Metric("false_alarms_per_camera_day", f"{score.quiet_s:.0f} s quiet", alarms, "")


def made() -> Iterator[Clip]:
    """The same clips for the same seed, each from a generator of its own."""
    for number, (maker, count) in enumerate(MAKERS.items()):
        for n in range(count):
            yield maker(np.random.default_rng([SEED, number, n]))


def told(clip: Clip) -> list[tuple[str, float]]:
    """What the analyser tells of it: kind and onset."""
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
