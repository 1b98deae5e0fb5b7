"""False alarms where nothing happens: over real footage, each second counted once, and over the
demo town's drawn crossing.

Replays in other weather are told beside, and as what they are: no longer a watch.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
from scipy.stats import chi2

from benchmarks.report import Metric
from benchmarks.vision.clips import BEGINS_S, Clip, Split
from benchmarks.vision.connection import set_up
from benchmarks.vision.events import SEEDS, Score, judge, told
from benchmarks.vision.footage import PETS_FPS, highway_frames, pets_frames, pets_view
from benchmarks.vision.quiet_clips import stretches
from benchmarks.vision.road_clips import LOOKS_S, road_scene
from benchmarks.vision.sprites import LOOK_EVERY
from devices.vision.analyser import Analyser
from devices.vision.health import Reference
from devices.vision.rules.registry import rule_of
from devices.vision.scene import Scene, Subject, Zone

DAY_S = 86400.0
DRAWN_S, DRAWN_FPS = 1200, 5
BEGUN = datetime(2026, 3, 2, 9, tzinfo=UTC)
WHOLE = ((0.0, 0.15), (1.0, 0.15), (1.0, 1.0), (0.0, 1.0))
PLAZA: tuple[tuple[str, dict[str, int]], ...] = (
    ("fall", {}), ("abandoned_object", {}), ("crowd", {"people": 20}),
)  # fmt: skip


def measure() -> Iterator[Metric]:
    real = Score()
    for clip in (_highway(), _plaza()):
        judge(clip, told(clip), real)
    yield from _rates("real footage", real.quiet_alarms, real.quiet_s)
    replayed = Score()
    for clip in stretches(np.random.default_rng(SEEDS[Split.TEST]), Split.TEST):
        judge(clip, told(clip), replayed)
    yield Metric(
        "false_alarms", f"replayed in five weathers, {replayed.quiet_s / 60:.0f} min",
        replayed.quiet_alarms, "",
    )  # fmt: skip
    yield from _rates("demo town's crossing, drawn", _alarms_over_drawn_crossing(), DRAWN_S)


def _rates(where: str, alarms: int, watched_s: float) -> Iterator[Metric]:
    case = f"{where}: {alarms} in {watched_s / 60:.1f} min"
    days = watched_s / DAY_S
    yield Metric("false_alarms_per_camera_day", case, alarms / days, "")
    yield Metric(
        "false_alarms_per_camera_day_most", f"{case}, Poisson 95 %", most_likely(alarms) / days, ""
    )


def most_likely(alarms: int) -> float:
    """The largest mean for which so few alarms are not yet rarer than one in twenty; 3 for none
    (the exact bound of a Poisson mean; Garwood 1936)."""
    return float(chi2.ppf(0.95, 2 * alarms + 2)) / 2


def _highway() -> Clip:
    return Clip("highway", road_scene(), highway_frames()[::LOOK_EVERY], LOOKS_S)


def _plaza() -> Clip:
    """All of the picture, people and all, watched for what surely nobody does there."""
    rules = tuple(rule_of(kind, parameters) for kind, parameters in PLAZA)
    zones = (Zone("plaza", WHOLE, rules),)
    scene = Scene(view=pets_view(), subject=Subject.PEOPLE, zones=zones, working_width=320)
    return Clip("plaza", scene, pets_frames(), 1 / PETS_FPS)


def _alarms_over_drawn_crossing() -> int:
    """People cross and cars pass, by chance and never twice alike, as the demo town shows them."""
    set_up()
    from benchmarks.vision.watched import crossing_view, plan_of
    from devices.cameras.looking import scene_of

    view, alarms = crossing_view(), 0
    analyser = Analyser(scene_of(plan_of("")), reference=Reference.of(view.draw(BEGUN)))
    for look in range(int((DRAWN_S + BEGINS_S) * DRAWN_FPS)):
        at_s = look / DRAWN_FPS
        found = analyser.step(view.draw(BEGUN + timedelta(seconds=at_s)), at_s)
        alarms += sum(not event.over for event in found.events)
    return alarms
