"""Matching and guidance on noisy walks."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.accounts.core.mobility import BASE_PROFILES
from apps.navigation.core.course import Course, lay_out
from apps.navigation.core.cues import Cue, cues_of
from apps.navigation.core.guidance import (
    Arrived,
    CueDue,
    Guidance,
    OffCourse,
    Outcome,
    Progress,
    Uncertain,
    advance,
)
from apps.navigation.core.matching import NOWHERE, Belief, Fix, match
from apps.navigation.core.terrain import Terrain
from tests.navigation.drawing import FOOT, at, node, planned, terrain_of, way


def block() -> Terrain:
    """A street block: two parallel pavements 14 m apart, joined at both ends, and a side path."""
    return terrain_of(
        node(1, 0, 0),
        node(2, 200, 0),
        node(3, 0, 14),
        node(4, 200, 14),
        node(5, 100, 0),
        node(6, 100, -150),
        node(7, -2000, 0),
        node(8, 300, 0),
        way(10, (1, 5, 2)),
        way(11, (3, 4)),
        way(12, (1, 3)),
        way(13, (2, 4)),
        way(14, (5, 6)),
        way(15, (7, 1)),
        way(16, (2, 8)),
    )


def fixes(
    terrain: Terrain, points: list[tuple[float, float]], sigma_m: float, seed: int
) -> list[Fix]:
    rng = np.random.default_rng(seed)
    found: list[Fix] = []
    for second, (x, y) in enumerate(points):
        px, py = at(terrain.graph, x, y)
        dx, dy = rng.normal(0, sigma_m, 2)
        found.append(Fix(px + dx, py + dy, float(second), max(sigma_m, 3.0), 90.0, 1.3))
    return found


def way_of(terrain: Terrain, belief: Belief) -> int:
    assert belief.best is not None
    return int(terrain.graph.rows["osm_id"][belief.best.spot.segment])


def test_noise_does_not_carry_a_walker_over_the_street() -> None:
    terrain = block()
    walk = [(float(x), 0.0) for x in range(5, 195, 2)]
    right = total = 0
    for seed in range(6):
        belief = NOWHERE
        for fix in fixes(terrain, walk, 5.0, seed):
            belief = match(terrain.graph, terrain.grid, belief, fix)
            total += 1
            right += way_of(terrain, belief) == 10
    assert right / total >= 0.9


def test_it_follows_a_walker_around_a_corner() -> None:
    terrain = block()
    walk = [(float(x), 0.0) for x in range(50, 100, 3)]
    walk += [(100.0, float(-y)) for y in range(0, 90, 3)]
    belief = NOWHERE
    for fix in fixes(terrain, walk, 3.0, 1):
        turned = replace(fix, heading_deg=None)
        belief = match(terrain.graph, terrain.grid, belief, turned)
    assert way_of(terrain, belief) == 14


def test_beliefs_add_up_to_one_and_are_lost_off_the_network() -> None:
    terrain = block()
    belief = match(terrain.graph, terrain.grid, NOWHERE, Fix(*at(terrain.graph, 50, 5), 0.0))
    assert sum(h.probability for h in belief.hypotheses) == pytest.approx(1)
    lost = match(terrain.graph, terrain.grid, belief, Fix(*at(terrain.graph, 50, 900), 1.0))
    assert lost.best is None
    assert lost.chance_on(frozenset({0})) == 0


# ---------------------------------------------------------------- guidance


def session(terrain: Terrain) -> tuple[Course, tuple[Cue, ...]]:
    course = lay_out(terrain.graph, planned(terrain, FOOT, (-100, 0), (100, -140)).ways)
    return course, tuple(cues_of(course, FOOT))


def walk_course(
    terrain: Terrain,
    course: Course,
    cues: tuple[Cue, ...],
    state: Guidance,
    stretch: tuple[float, float],
    sigma_m: float = 0.0,
) -> tuple[Guidance, list[Outcome]]:
    rng = np.random.default_rng(4)
    outcomes: list[Outcome] = []
    start_s = (state.at_s or 0.0) + 1.0
    for second, along_m in enumerate(np.arange(stretch[0], stretch[1] + 0.1, 1.3)):
        x, y, _ = course.point_at(float(along_m))
        dx, dy = rng.normal(0, sigma_m, 2) if sigma_m else (0.0, 0.0)
        fix = Fix(x + dx, y + dy, start_s + second, max(sigma_m, 4.0), None, 1.3)
        state, found = advance(course, cues, state, fix, NOWHERE)
        outcomes += found
    return state, outcomes


def told(outcomes: list[Outcome]) -> list[str]:
    return [o.cue.id for o in outcomes if isinstance(o, CueDue)]


def test_a_walk_to_the_end_tells_every_cue_once_and_arrives_once() -> None:
    terrain = block()
    course, cues = session(terrain)
    state, outcomes = walk_course(terrain, course, cues, Guidance(), (0, course.length_m))
    assert sorted(told(outcomes)) == sorted(cue.id for cue in cues)
    assert [type(o) for o in outcomes].count(Arrived) == 1
    assert state.has_arrived
    assert advance(course, cues, state, Fix(0, 0, 999.0), NOWHERE) == (state, ())


def test_progress_counts_down() -> None:
    terrain = block()
    course, cues = session(terrain)
    _, outcomes = walk_course(terrain, course, cues, Guidance(), (0, course.length_m))
    left = [o.remaining_m for o in outcomes if isinstance(o, Progress)]
    assert left == sorted(left, reverse=True)
    seconds = [o.remaining_s for o in outcomes if isinstance(o, Progress)]
    assert seconds[0] == pytest.approx(course.time_s, rel=0.01)


@settings(max_examples=20, deadline=None)
@given(st.floats(0.05, 0.95))
def test_a_dropped_session_resumes_without_a_lost_or_repeated_cue(share: float) -> None:
    terrain = block()
    course, cues = session(terrain)
    cut_m = share * course.length_m
    state, first = walk_course(terrain, course, cues, Guidance(), (0, cut_m))
    kept = Guidance(state.along_m, state.at_s, state.off_fixes_n, state.told)
    _, second = walk_course(terrain, course, cues, kept, (cut_m, course.length_m))
    assert len(told(first + second)) == len(set(told(first + second)))
    assert set(told(first + second)) == {cue.id for cue in cues}


def test_a_cue_far_behind_is_not_told_after_a_gap() -> None:
    terrain = block()
    course, cues = session(terrain)
    state, _ = walk_course(terrain, course, cues, Guidance(), (0, 20))
    x, y, _ = course.point_at(260.0)
    late = Fix(x, y, (state.at_s or 0) + 200.0, 4.0, None, 1.3)
    state, outcomes = advance(course, cues, state, late, NOWHERE)
    for outcome in outcomes:
        if isinstance(outcome, CueDue):
            assert outcome.ahead_m >= -12.0
    assert state.along_m == pytest.approx(260, abs=2)


def test_noise_makes_nobody_stray() -> None:
    terrain = block()
    course, cues = session(terrain)
    _, outcomes = walk_course(terrain, course, cues, Guidance(), (0, course.length_m - 20), 6.0)
    assert not any(isinstance(o, OffCourse) for o in outcomes)


def stray(terrain: Terrain, fixes_n: int, belief: Belief = NOWHERE) -> list[Outcome]:
    course, cues = session(terrain)
    state, _ = walk_course(terrain, course, cues, Guidance(), (0, 50))
    outcomes: list[Outcome] = []
    for second in range(fixes_n):
        off = Fix(*at(terrain.graph, -40 + second, 60), 100.0 + second, 4.0, None, 1.3)
        state, found = advance(course, cues, state, off, belief)
        outcomes += found
    return outcomes


@pytest.mark.parametrize(("fixes_n", "reroutes"), [(1, 0), (2, 0), (3, 1), (10, 1)])
def test_three_fixes_off_the_way_ask_for_another_once(fixes_n: int, reroutes: int) -> None:
    assert [type(o) for o in stray(block(), fixes_n)].count(OffCourse) == reroutes


def test_a_likely_match_on_the_way_outvotes_a_far_fix() -> None:
    terrain = block()
    course, _ = session(terrain)
    belief = match(terrain.graph, terrain.grid, NOWHERE, Fix(*at(terrain.graph, -40, 1), 0.0))
    assert belief.chance_on(frozenset(course.segments)) > 0.9
    assert not any(isinstance(o, OffCourse) for o in stray(terrain, 5, belief))


def test_a_poor_position_is_admitted_once_until_it_gets_better() -> None:
    terrain = block()
    course, cues = session(terrain)
    state = Guidance()
    x, y, _ = course.point_at(30.0)
    outcomes: list[Outcome] = []
    for second, accuracy_m in enumerate((4, 60, 60, 4, 60)):
        state, found = advance(
            course, cues, state, Fix(x, y, float(second), float(accuracy_m)), NOWHERE
        )
        outcomes += found
    assert [type(o) for o in outcomes].count(Uncertain) == 2


def test_the_slow_are_told_no_later_than_the_fast() -> None:
    course, _ = session(block())
    slow = {c.id: c.at_m for c in cues_of(course, BASE_PROFILES["walker_elderly"])}
    fast = {c.id: c.at_m for c in cues_of(course, BASE_PROFILES["wheelchair_powered"])}
    assert all(fast[name] <= slow[name] for name in fast if name in slow)
