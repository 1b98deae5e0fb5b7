"""The demo town's junctions in the terms of the traffic app: two axes, walkers beside the traffic
that goes along with them."""

from apps.traffic.models import SignalGroup
from apps.traffic.services.provisioning import GroupPlan, JunctionPlan
from citizen.demo.world import junctions as world
from citizen.demo.world.town import Town

LEAST_GREEN_S, YELLOW_S, WALK_S = 7.0, 3.0, 7.0
DETECTOR_M = 80.0
FIRST_SPAT_ID = 12_100


def plan_of(junction: world.SignalJunction, *, spat_id: int) -> JunctionPlan:
    """Opposite arms go together; the crossing of an arm goes with the other axis."""
    axis = {group.number: _axis(junction, group) for group in junction.groups}
    stages = [[number for number, side in axis.items() if side == wanted] for wanted in (0, 1)]
    phases = _phases(junction, axis)
    return JunctionPlan(
        code=junction.code.lower(),
        names={"": junction.name_ko, "ko": junction.name_ko, "en": junction.name_en},
        lon=junction.lon,
        lat=junction.lat,
        spat_id=spat_id,
        groups=tuple(_group(group, phases[group.number]) for group in junction.groups),
        stages=stages,
        conflicts=[(a, b) for a in stages[0] for b in stages[1]],
    )


def plans_of(town: Town) -> list[JunctionPlan]:
    return [
        plan_of(junction, spat_id=FIRST_SPAT_ID + number)
        for number, junction in enumerate(town.junctions, start=1)
    ]


def _axis(junction: world.SignalJunction, group: world.SignalGroup) -> int:
    first = junction.groups[0].bearing_deg
    apart = abs((group.bearing_deg - first + 90) % 180 - 90)
    along = 0 if apart < 45 else 1
    return along if group.kind == "vehicle" else 1 - along


def _phases(junction: world.SignalJunction, axis: dict[int, int]) -> dict[int, int]:
    """Vehicles have the phase of their number; walkers share one of their axis, or get the next."""
    phases = {g.number: g.number for g in junction.groups if g.kind == "vehicle"}
    beside = {side: [n for n in phases if axis[n] == side] for side in (0, 1)}
    following = max(phases) + 1
    for group in junction.groups:
        if group.kind == "pedestrian":
            shared = beside[axis[group.number]]
            phases[group.number] = shared.pop(0) if shared else following
            following += not shared and phases[group.number] == following
    return phases


def _group(group: world.SignalGroup, phase: int) -> GroupPlan:
    walks = group.kind == "pedestrian"
    return GroupPlan(
        number=group.number,
        names={"en": f"{group.kind} {group.bearing_deg:.0f}°"},
        stream=SignalGroup.Stream.WALKERS if walks else SignalGroup.Stream.VEHICLES,
        phase=phase,
        min_green_s=WALK_S if walks else LEAST_GREEN_S,
        clearance_s=max(YELLOW_S, (group.crossing_m or 0.0) / world.WALK_MPS)
        if walks
        else YELLOW_S,
        red_clear_s=1.0 if walks else 2.0,
        detector=None if walks else phase,
        detector_m=DETECTOR_M,
        crossing=group.crossing,
    )
