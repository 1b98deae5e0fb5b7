"""Every arc's price for one person: generalised seconds, clock seconds, and the limits it breaks.

cost = time + comfort + chance of trouble. Time follows Tobler's hiking function for walkers and a
power balance for
hand-pushed chairs, v = P / (m g (Crr + grade)). Comfort adds shares of time and seconds by the
profile's weights. Unknown
attributes add the chance that they break this person's limit times what being stranded costs.
Limits are not prices:
they are bits, and a search for this person never takes an arc with a bit set.

One pass over the segments in machine code, about a millisecond for a city district: a new limit
needs no rebuild.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numba as nb
import numpy as np

from apps.accounts.core.mobility import SMOOTHNESS, MobilityProfile
from apps.navigation.core.arrays import F4, I4, U4, frozen
from apps.navigation.core.codes import (
    Barrier,
    Broken,
    Handrail,
    InclineSource,
    Kind,
    Lit,
    Mark,
    Ramp,
    Signal,
    Tactile,
    Wheelchair,
)
from apps.navigation.core.graph import Rows, WalkGraph
from apps.navigation.core.paces import pace_mps
from apps.navigation.core.priors import Priors
from apps.navigation.core.profiles import Weights, weights_of
from apps.navigation.core.surfaces import ROLLING_RESISTANCE

SHORT_M = 15.0  # shorter segments are never forbidden on an elevation model's word
SLACK = 1e-3  # stored values are single precision: 0.9 m must pass a limit of 0.9 m
SURE_SD = 1.2816  # nine in ten, one-sided
SIGNAL_WAIT_S = 27.0  # (C - g)^2 / 2C with a cycle of 90 s and 20 s of green
UNMARKED_FACTOR = 2.0  # kerbs at unmarked crossings are the ones nobody lowered
LINK_FACTOR = 0.5  # along a street one can choose where to step off: driveways are lowered
TACTILE_FACTOR = 0.5  # tactile paving is laid where the kerb was lowered
# Mappers describe lowered kerbs first: among the kerbs nobody described, bad ones are commoner
# than among the known.
SELECTION_FACTOR = 3.0


class Row(Protocol):
    """The fields of one segment that a price depends on."""

    tail: int
    head: int
    kind: int
    incline_source: int
    incline_sign: int
    surface: int
    smoothness: int
    tactile: int
    wheelchair: int
    lit: int
    steps_n: int
    ramp: int
    handrail: int
    barrier: int
    signal: int
    kerb_up: int
    kerb_missing_n: int
    marks: int
    directions: int
    lanes_n: int
    length_m: float
    incline_pct: float
    up_pct: float
    down_pct: float
    incline_sd_pct: float
    cross_slope_pct: float
    width_m: float
    kerb_cm: float
    share: float


class Rules(NamedTuple):
    """A person's limits and weights as plain numbers; infinities stand for "never stops"."""

    speed_mps: float
    push_power_w: float
    up_pct: float
    down_pct: float
    kerb_up_cm: float
    kerb_down_cm: float
    width_m: float
    steps_n: float
    cross_slope_pct: float
    smoothness: int
    is_chair: bool
    has_wheels: bool
    takes_strollers_ramp: bool
    escalators: bool
    strict_bits: int
    bad_kerb: float
    bad_width: float
    bad_up: float
    bad_down: float
    bad_smoothness: float
    weights: Weights


@dataclass(frozen=True, slots=True)
class Prices:
    """Per arc, in the graph's arc order. `floor_s_per_m` bounds any arc's cost from below."""

    profile: MobilityProfile | None  # None for cars
    cost_s: F4
    time_s: F4
    broken: U4
    floor_s_per_m: float


_STRICT = {
    "kerb": Broken.STRICT_KERB,
    "incline": Broken.STRICT_INCLINE,
    "width": Broken.STRICT_WIDTH,
    "surface": Broken.STRICT_SURFACE,
    "smoothness": Broken.STRICT_SMOOTHNESS,
}


_NO_WAITS = np.zeros(0, dtype=np.float32)


def price(
    graph: WalkGraph, profile: MobilityProfile, priors: Priors, waits: F4 = _NO_WAITS
) -> Prices:
    """Price every arc of a graph for one person. `waits` are seconds per segment where the rhythm
    of its lights is known, else NaN."""
    arcs_n = len(graph.arcs.head)
    cost_s = np.empty(arcs_n, dtype=np.float32)
    time_s = np.empty(arcs_n, dtype=np.float32)
    broken = np.empty(arcs_n, dtype=np.uint32)
    floor = _price_all(
        graph.rows,
        graph.arcs.seg_arc,
        graph.node_x,
        graph.node_y,
        rules_of(profile, priors),
        ROLLING_RESISTANCE,
        waits,
        cost_s,
        time_s,
        broken,
    )
    return Prices(profile, frozen(cost_s), frozen(time_s), frozen(broken), float(floor))


def rules_of(profile: MobilityProfile, priors: Priors) -> Rules:
    strict = 0
    for name in profile.must_know:
        strict |= _STRICT[name]
    worst = profile.worst_smoothness
    smoothness = SMOOTHNESS.index(worst) + 1 if worst else len(SMOOTHNESS)
    return Rules(
        speed_mps=profile.speed_mps,
        push_power_w=_or(profile.push_power_w, 0.0),
        up_pct=_or(profile.max_incline_up_pct, math.inf),
        down_pct=_or(profile.max_incline_down_pct, math.inf),
        kerb_up_cm=_or(profile.max_kerb_up_cm, math.inf),
        kerb_down_cm=_or(profile.max_kerb_down_cm, math.inf),
        width_m=_or(profile.min_width_m, 0.0),
        steps_n=_or(profile.max_steps, math.inf),
        cross_slope_pct=_or(profile.max_cross_slope_pct, math.inf),
        smoothness=smoothness,
        is_chair=profile.is_wheelchair,
        has_wheels=profile.has_wheels,
        takes_strollers_ramp=profile.base == "pushchair",
        escalators=profile.takes_escalators,
        strict_bits=int(strict),
        bad_kerb=priors.kerb_cm.share_above(_least(profile)),
        bad_width=priors.width_m.share_below(profile.min_width_m),
        bad_up=priors.grade_pct.share_above(profile.max_incline_up_pct),
        bad_down=priors.grade_pct.share_above(profile.max_incline_down_pct),
        bad_smoothness=priors.smoothness.share_above(smoothness) if worst else 0.0,
        weights=weights_of(profile),
    )


def _or(value: float | None, other: float) -> float:
    return other if value is None else float(value)


def _least(profile: MobilityProfile) -> float | None:
    """The kerb that stops a person in either direction."""
    limits = (profile.max_kerb_up_cm, profile.max_kerb_down_cm)
    return min((limit for limit in limits if limit is not None), default=None)


# Enum members become plain integers here because machine code reads globals as constants.
_CROSSING, _PLAZA, _STEPS = int(Kind.CROSSING), int(Kind.PLAZA), int(Kind.STEPS)
_LIFT, _ESCALATOR, _KERB = int(Kind.LIFT), int(Kind.ESCALATOR), int(Kind.KERB)
_BARRIER, _DOOR, _LINK = int(Kind.BARRIER), int(Kind.DOOR), int(Kind.LINK)
_INDOOR, _PAVEMENT, _PATH = int(Kind.INDOOR), int(Kind.PAVEMENT), int(Kind.PATH)
_LIVING, _SERVICE = int(Kind.LIVING_STREET), int(Kind.SERVICE)
_MINOR, _MAJOR = int(Kind.MINOR_ROAD), int(Kind.MAJOR_ROAD)
_SIGN, _TAG, _DEM = int(InclineSource.SIGN), int(InclineSource.TAG), int(InclineSource.DEM)
_GATE, _CHICANE, _STILE = int(Barrier.GATE), int(Barrier.CHICANE), int(Barrier.STILE)
_STEP_OVER, _REVOLVING = int(Barrier.STEP_OVER), int(Barrier.REVOLVING_DOOR)
_WHEELCHAIR_NO, _LIMITED = int(Wheelchair.NO), int(Wheelchair.LIMITED)
_WHEELCHAIR_YES = int(Wheelchair.YES)
_RAMP_WHEELCHAIR, _RAMP_STROLLER = int(Ramp.WHEELCHAIR), int(Ramp.STROLLER)
_LIGHTS, _SOUND, _SILENT = int(Signal.LIGHTS), int(Signal.SOUND), int(Signal.SOUND_ABSENT)
_TACTILE_YES, _TACTILE_NO = int(Tactile.YES), int(Tactile.NO)
_UNLIT, _LIT_UNKNOWN = int(Lit.NO), int(Lit.UNKNOWN)
_SEPARATE, _MARKED = int(Mark.SEPARATE_PAVEMENT), int(Mark.MARKED)
_NO_HANDRAIL = int(Handrail.NO)
_B_STEPS, _B_KERB_UP, _B_KERB_DOWN = (
    int(Broken.STEPS),
    int(Broken.KERB_UP),
    int(Broken.KERB_DOWN),
)
_B_UP, _B_DOWN, _B_WIDTH = int(Broken.INCLINE_UP), int(Broken.INCLINE_DOWN), int(Broken.WIDTH)
_B_SMOOTH, _B_CROSS = int(Broken.SMOOTHNESS), int(Broken.CROSS_SLOPE)
_B_ESCALATOR, _B_WHEELCHAIR = int(Broken.ESCALATOR), int(Broken.WHEELCHAIR_NO)
_B_BARRIER, _B_ONE_WAY = int(Broken.BARRIER), int(Broken.ONE_WAY)
_S_KERB, _S_INCLINE, _S_WIDTH = (
    int(Broken.STRICT_KERB),
    int(Broken.STRICT_INCLINE),
    int(Broken.STRICT_WIDTH),
)
_S_SURFACE, _S_SMOOTH = int(Broken.STRICT_SURFACE), int(Broken.STRICT_SMOOTHNESS)


@nb.njit(nogil=True, cache=True)
def _price_all(
    rows: Rows,
    seg_arc: I4,
    node_x: F4,
    node_y: F4,
    r: Rules,
    rolling: F4,
    waits: F4,
    cost_s: F4,
    time_s: F4,
    broken: U4,
) -> float:
    floor = np.inf
    for k in range(len(rows)):
        s = rows[k]
        dx = float(node_x[s.tail]) - float(node_x[s.head])
        dy = float(node_y[s.tail]) - float(node_y[s.head])
        gap_m = math.sqrt(dx * dx + dy * dy)
        shared = _broken_both_ways(s, r)
        trouble_s = _trouble_both_ways(s, r)
        share = _comfort_share(s, r, rolling)
        fixed_s = _fixed_comfort_s(s, r)
        for back in range(2):
            a = seg_arc[k, back]
            seconds = _time_s(s, r, back == 1, rolling, waits[k] if len(waits) > 0 else np.nan)
            time_s[a] = seconds
            bits, graded_s = _grade_bits_and_trouble(s, r, back == 1)
            broken[a] = shared | bits | _kerb_bits(s, r, back == 1) | _one_way(s, back)
            slope_s = _slope_comfort_s(s, r, back == 1, seconds)
            cost = seconds * (1.0 + share) + fixed_s + trouble_s + graded_s + slope_s
            cost_s[a] = cost
            if gap_m > 0.5:
                floor = min(floor, cost / gap_m)
    return 0.999 * floor if floor < np.inf else 0.0


@nb.njit(nogil=True, cache=True)
def _one_way(s: Row, back: int) -> int:
    return 0 if s.directions & (1 << back) else _B_ONE_WAY


@nb.njit(nogil=True, cache=True)
def _has_ramp(s: Row, r: Rules) -> bool:
    """Whether this person may take a flight on wheels: a ramp that a mapper vouches for."""
    vouched = s.wheelchair == _WHEELCHAIR_YES or s.ramp & _RAMP_WHEELCHAIR > 0
    if r.is_chair:
        return vouched
    return r.takes_strollers_ramp and (vouched or s.ramp & _RAMP_STROLLER > 0)


@nb.njit(nogil=True, cache=True)
def _steps_count(s: Row) -> float:
    """The counted steps, or as many as fit at 0.3 m a tread."""
    if s.steps_n >= 0:
        return float(s.steps_n)
    return max(1.0, round(s.length_m / 0.3))


@nb.njit(nogil=True, cache=True)
def _broken_both_ways(s: Row, r: Rules) -> int:
    bits = 0
    kind = s.kind
    if kind == _STEPS and _steps_count(s) > r.steps_n and not _has_ramp(s, r):
        bits |= _B_STEPS
    if kind == _ESCALATOR and not r.escalators:
        bits |= _B_ESCALATOR
    if s.width_m < r.width_m - SLACK:
        bits |= _B_WIDTH
    if s.smoothness > r.smoothness:
        bits |= _B_SMOOTH
    if s.cross_slope_pct > r.cross_slope_pct + SLACK:
        bits |= _B_CROSS
    if r.is_chair and s.wheelchair == _WHEELCHAIR_NO:
        bits |= _B_WHEELCHAIR
    if _stops_wheels(s, r):
        bits |= _B_BARRIER
    return bits | (_unknown_bits(s) & r.strict_bits)


@nb.njit(nogil=True, cache=True)
def _stops_wheels(s: Row, r: Rules) -> bool:
    if not r.has_wheels or s.wheelchair == _WHEELCHAIR_YES:
        return False
    barrier = s.barrier
    if barrier in (_STILE, _STEP_OVER, _REVOLVING):
        return True
    return r.is_chair and barrier == _CHICANE and math.isnan(s.width_m)


@nb.njit(nogil=True, cache=True)
def _is_point(kind: int) -> bool:
    return kind in (_KERB, _BARRIER, _DOOR, _LIFT, _LINK)


@nb.njit(nogil=True, cache=True)
def _unknown_bits(s: Row) -> int:
    bits = 0
    kind = s.kind
    if s.kerb_missing_n > 0:
        bits |= _S_KERB
    if _is_point(kind) or kind == _CROSSING:
        return bits
    is_road = kind >= _LIVING
    if s.incline_source < _TAG and kind not in (_STEPS, _ESCALATOR, _INDOOR):
        bits |= _S_INCLINE
    if math.isnan(s.width_m) and not is_road and kind != _PLAZA:
        bits |= _S_WIDTH
    if s.surface == 0:
        bits |= _S_SURFACE
    if s.smoothness == 0:
        bits |= _S_SMOOTH
    return bits


@nb.njit(nogil=True, cache=True)
def _kerb_bits(s: Row, r: Rules, back: bool) -> int:
    height_cm = s.kerb_cm
    if not height_cm > 0:
        return 0
    climbs = -s.kerb_up if back else s.kerb_up
    bits = 0
    if climbs >= 0 and height_cm > r.kerb_up_cm + SLACK:
        bits |= _B_KERB_UP
    if climbs <= 0 and height_cm > r.kerb_down_cm + SLACK:
        bits |= _B_KERB_DOWN
    return bits


@nb.njit(nogil=True, cache=True)
def _grade_bits_and_trouble(s: Row, r: Rules, back: bool) -> tuple[int, float]:
    """Limits on grade broken for sure, and the price of those that may be."""
    kind = s.kind
    source = s.incline_source
    w = r.weights
    if kind in (_STEPS, _ESCALATOR) or _is_point(kind):
        return 0, 0.0
    stretch = min(s.length_m / 100.0, 3.0)
    if source >= _TAG:
        up = s.down_pct if back else s.up_pct
        down = s.up_pct if back else s.down_pct
        if source == _TAG:
            return _tagged_grade_bits(up, down, r), 0.0
        return _modelled_grade(up, down, s.incline_sd_pct, s.length_m, r)
    sign = -s.incline_sign if back else s.incline_sign
    if source == _SIGN and sign != 0:
        chance = r.bad_up if sign > 0 else r.bad_down
        return 0, chance * w.stranded_s * max(stretch, 0.3)
    if kind in (_CROSSING, _INDOOR):
        return 0, 0.0
    # steep ways are tagged more often than level ones
    return 0, 0.25 * 0.5 * (r.bad_up + r.bad_down) * w.stranded_s * stretch


@nb.njit(nogil=True, cache=True)
def _tagged_grade_bits(up: float, down: float, r: Rules) -> int:
    bits = _B_UP if up > r.up_pct + SLACK else 0
    return bits | (_B_DOWN if down > r.down_pct + SLACK else 0)


@nb.njit(nogil=True, cache=True)
def _modelled_grade(
    up: float, down: float, sd: float, length_m: float, r: Rules
) -> tuple[int, float]:
    bits = 0
    if length_m >= SHORT_M:
        if up - SURE_SD * sd > r.up_pct:
            bits |= _B_UP
        if down - SURE_SD * sd > r.down_pct:
            bits |= _B_DOWN
    chance = 0.0
    if r.up_pct < np.inf:
        chance = _chance_above(up, sd, r.up_pct)
    if r.down_pct < np.inf:
        chance = max(chance, _chance_above(down, sd, r.down_pct))
    return bits, chance * r.weights.stranded_s * min(length_m / 100.0, 1.0)


@nb.njit(nogil=True, cache=True)
def _chance_above(value: float, sd: float, limit: float) -> float:
    return 0.5 * math.erfc((limit - value) / (max(sd, 1e-3) * math.sqrt(2.0)))


@nb.njit(nogil=True, cache=True)
def _trouble_both_ways(s: Row, r: Rules) -> float:
    """What the unknown kerb, width and smoothness of a segment may cost."""
    w = r.weights
    kind = s.kind
    trouble = 0.0
    if s.kerb_missing_n > 0:
        factor = UNMARKED_FACTOR
        if kind == _LINK:
            factor = LINK_FACTOR
        elif kind == _KERB or s.marks & _MARKED or s.signal & _LIGHTS:
            factor = 1.0
        missing = s.kerb_missing_n * (s.share if kind == _KERB else 1.0)
        if s.tactile == _TACTILE_YES:
            factor *= TACTILE_FACTOR
        trouble += min(r.bad_kerb * SELECTION_FACTOR * factor, 1.0) * missing * w.stranded_s
    if _is_point(kind) or kind == _CROSSING:
        return trouble
    stretch = min(s.length_m / 100.0, 3.0)
    if math.isnan(s.width_m) and kind < _LIVING and kind != _PLAZA:
        trouble += r.bad_width * w.stranded_s * stretch
    if s.smoothness == 0 and kind != _INDOOR:
        trouble += r.bad_smoothness * w.stranded_s * stretch * (0.3 if s.surface else 1.0)
    return trouble


@nb.njit(nogil=True, cache=True)
def _mean_grade(s: Row, back: bool) -> float:
    grade = s.incline_pct / 100.0
    if math.isnan(grade):
        return 0.0
    return -grade if back else grade


@nb.njit(nogil=True, cache=True)
def _speed_mps(s: Row, r: Rules, back: bool, rolling: F4) -> float:
    return float(
        pace_mps(
            r.speed_mps,
            r.is_chair,
            r.push_power_w,
            r.down_pct,
            _mean_grade(s, back),
            rolling[s.surface],
        )
    )


@nb.njit(nogil=True, cache=True)
def _time_s(s: Row, r: Rules, back: bool, rolling: F4, wait_s: float) -> float:
    """Clock seconds on this segment; `wait_s` is the wait where its lights are known, else NaN."""
    kind = s.kind
    w = r.weights
    if kind == _LIFT:
        return w.lift_s * s.share
    if kind == _ESCALATOR:
        return s.length_m / 0.45
    if kind == _STEPS and not (r.has_wheels and _has_ramp(s, r)):
        sign = -s.incline_sign if back else s.incline_sign
        per_step = 0.75 if sign > 0 else 0.65 if sign < 0 else 0.7
        climb_s = _steps_count(s) * per_step * 1.33 / r.speed_mps
        return max(climb_s, s.length_m / r.speed_mps)
    if kind == _BARRIER:
        return (w.gate_s if s.barrier == _GATE else 2.0) * s.share
    if kind == _DOOR:
        return w.door_s * s.share
    seconds = s.length_m / _speed_mps(s, r, back, rolling)
    if kind == _CROSSING:
        seconds += _wait_s(s, r) * s.share if math.isnan(wait_s) else wait_s
    return seconds


@nb.njit(nogil=True, cache=True)
def _wait_s(s: Row, r: Rules) -> float:
    if s.signal & _LIGHTS:
        return SIGNAL_WAIT_S
    wait = 40.0 if s.lanes_n >= 4 else 15.0
    if s.marks & _MARKED:
        wait = 8.0  # drivers give way
    return wait * r.weights.wait_factor


@nb.njit(nogil=True, cache=True)
def _comfort_share(s: Row, r: Rules, rolling: F4) -> float:
    """Added shares of walking time."""
    w = r.weights
    kind = s.kind
    share = 0.0
    if s.smoothness > 2:
        share += w.rough_share * (s.smoothness - 2)
    share += w.rolling_share * max(rolling[s.surface] - 0.015, 0.0) * 100.0
    if s.lit == _UNLIT:
        share += w.dark_share
    elif s.lit == _LIT_UNKNOWN:
        share += 0.2 * w.dark_share
    if kind == _PLAZA and s.tactile != _TACTILE_YES:
        share += w.plaza_share
    if s.wheelchair == _LIMITED:
        share += w.wheelchair_limited_share
    return float(share + _road_share(kind, s.marks, r))


@nb.njit(nogil=True, cache=True)
def _road_share(kind: int, marks: int, r: Rules) -> float:
    w = r.weights
    share = 0.0
    if kind == _LIVING:
        share = w.living_street_share
    elif kind == _SERVICE:
        share = w.service_share
    elif kind == _MINOR:
        share = w.minor_road_share
    elif kind == _MAJOR:
        share = w.major_road_share
    if kind >= _LIVING and marks & _SEPARATE:
        share += w.beside_pavement_share
    return share


@nb.njit(nogil=True, cache=True)
def _fixed_comfort_s(s: Row, r: Rules) -> float:
    """Added seconds that do not grow with length."""
    w = r.weights
    kind = s.kind
    fixed = 0.0
    if s.kerb_cm > w.kerb_soft_cm:
        fixed += w.kerb_s * s.share
    if kind == _KERB and s.kerb_cm <= 2.0 and s.tactile != _TACTILE_YES:
        fixed += w.untactile_kerb_s * s.share * (1.0 if s.tactile == _TACTILE_NO else 0.5)
    if kind == _STEPS:
        fixed += w.flight_s + w.step_s * _steps_count(s)
        if s.handrail == _NO_HANDRAIL:
            fixed += w.no_handrail_s
    if kind == _CROSSING and s.signal & _LIGHTS and not s.signal & _SOUND:
        fixed += w.silent_signal_s * s.share * (1.0 if s.signal & _SILENT else 0.5)
    return fixed


@nb.njit(nogil=True, cache=True)
def _slope_comfort_s(s: Row, r: Rules, back: bool, seconds: float) -> float:
    """The effort of grades beyond the soft limit, either way: braking tires as climbing does."""
    if s.kind in (_STEPS, _ESCALATOR, _LIFT):
        return 0.0
    excess = abs(_mean_grade(s, back)) * 100.0 - r.weights.incline_soft_pct
    return r.weights.incline_share * excess * seconds if excess > 0 else 0.0
