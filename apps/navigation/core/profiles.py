"""What the nine ways of moving find hard: weights in seconds, beside the limits that `accounts`
keeps.

Limits say what a person cannot pass. Weights say what they would walk round: a weight in seconds
is the time of detour
that avoiding the thing is worth. They are design values, to be tuned with people, not measured
constants.
"""

from collections.abc import Mapping
from typing import NamedTuple

from apps.accounts.core.mobility import PROFILE_NAMES, MobilityProfile, ProfileName


class Weights(NamedTuple):
    """Soft costs of one profile (a named tuple because machine code reads it as it is). `_s` are
    seconds, `_share` are added shares of walking time.
    """

    incline_soft_pct: float = 8.0
    incline_share: float = 0.08  # for each percent beyond the soft limit
    kerb_soft_cm: float = 10.0
    kerb_s: float = 5.0  # for each kerb above the soft height
    rough_share: float = 0.1  # for each step of smoothness worse than good
    rolling_share: float = 0.0  # for each 0.01 of rolling resistance above asphalt
    step_s: float = 0.0  # for each step, beyond the time it takes
    flight_s: float = 0.0  # for each flight
    no_handrail_s: float = 0.0
    lift_s: float = 45.0
    door_s: float = 4.0
    gate_s: float = 4.0
    wait_factor: float = 1.0  # at crossings without lights
    silent_signal_s: float = 0.0
    untactile_kerb_s: float = 0.0  # a kerb that a cane cannot find, with no tactile paving
    plaza_share: float = 0.0
    dark_share: float = 0.05
    living_street_share: float = 0.0
    service_share: float = 0.15
    minor_road_share: float = 0.4
    major_road_share: float = 1.5
    beside_pavement_share: float = 1.5  # walking a carriageway that has a pavement mapped beside it
    wheelchair_limited_share: float = 0.0
    stranded_s: float = 0.0  # what it costs to meet something impassable that nobody had mapped
    most_water_cm: float = 15.0  # deeper water on the way closes it


_CHAIR = Weights(
    incline_soft_pct=5.0,
    kerb_soft_cm=2.0,
    rough_share=0.2,
    rolling_share=0.06,
    door_s=12.0,
    gate_s=12.0,
    wait_factor=1.3,
    wheelchair_limited_share=0.3,
    minor_road_share=0.2,  # quiet streets are often the smoother way on wheels
    major_road_share=4.0,
    beside_pavement_share=0.7,
    stranded_s=5000.0,
    most_water_cm=5.0,
)
_ON_FOOT = Weights()

WEIGHTS: Mapping[ProfileName, Weights] = {
    "wheelchair_manual": _CHAIR,
    "wheelchair_powered": _CHAIR._replace(incline_soft_pct=8.0, kerb_soft_cm=3.0),
    "wheelchair_assisted": _CHAIR._replace(incline_soft_pct=6.0, stranded_s=2500.0),
    "walker_elderly": Weights(
        incline_soft_pct=6.0,
        kerb_soft_cm=3.0,
        kerb_s=10.0,
        rough_share=0.15,
        rolling_share=0.03,
        step_s=4.0,
        flight_s=40.0,
        no_handrail_s=60.0,
        door_s=8.0,
        wait_factor=1.5,
        stranded_s=400.0,
        most_water_cm=5.0,
    ),
    "pushchair": Weights(
        incline_soft_pct=7.0,
        kerb_soft_cm=3.0,
        kerb_s=8.0,
        rough_share=0.12,
        rolling_share=0.03,
        step_s=10.0,
        flight_s=30.0,
        door_s=8.0,
        stranded_s=200.0,
        most_water_cm=8.0,
    ),
    "blind_cane": Weights(
        step_s=0.3,
        flight_s=5.0,
        wait_factor=3.0,
        silent_signal_s=40.0,
        untactile_kerb_s=60.0,
        plaza_share=0.5,
        dark_share=0.0,
        minor_road_share=1.0,
        major_road_share=4.0,
        beside_pavement_share=3.0,
        stranded_s=60.0,
        most_water_cm=8.0,
    ),
    "low_vision": Weights(
        step_s=0.3,
        flight_s=8.0,
        no_handrail_s=15.0,
        wait_factor=2.0,
        silent_signal_s=10.0,
        dark_share=0.5,
        minor_road_share=0.7,
        major_road_share=2.5,
        stranded_s=60.0,
    ),
    "deaf": _ON_FOOT._replace(wait_factor=1.3),
    "foot": _ON_FOOT,
}
assert set(WEIGHTS) == set(PROFILE_NAMES)


def weights_of(profile: MobilityProfile) -> Weights:
    """A person's own limits keep the weights of the base they started from."""
    return WEIGHTS[profile.base]
