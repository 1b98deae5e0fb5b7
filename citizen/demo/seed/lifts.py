"""Dalbit's lifts, and the controllers that tell whether they work."""

from apps.navigation.services.lifts import (
    PROPERTY,
    LiftPlan,
    define_lift_property,
    provision_lift,
)
from citizen.demo.seed.gateway_keys import gateway_of
from citizen.demo.world.lifts import Lift
from citizen.demo.world.town import Town
from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing

GATEWAY = "GW-LIFT"
SAID_EVERY_S = 60


def seed_lifts(town: Town) -> None:
    define_lift_property()
    for lift in town.lifts:
        provision_thing(gateway=gateway_of(town, GATEWAY), plan=_controller(lift))
        provision_lift(_plan(lift))


def _controller(lift: Lift) -> ThingPlan:
    stream = DatastreamPlan(
        code=lift.code, observed_property=PROPERTY.code, expected_interval_s=SAID_EVERY_S
    )
    names = {"": f"{lift.name_ko} 제어반", "en": f"{lift.name_en} controller"}
    code = f"{lift.code}-controller"
    return ThingPlan(code=code, names=names, lon=lift.lon, lat=lift.lat, datastreams=(stream,))


def _plan(lift: Lift) -> LiftPlan:
    """A lift is a node shared by levels, or a way between two places on a slope."""
    return LiftPlan(
        code=lift.code,
        names={"": lift.name_ko, "ko": lift.name_ko, "en": lift.name_en},
        lon=lift.lon,
        lat=lift.lat,
        osm_type="node" if lift.way_id is None else "way",
        osm_id=lift.node_id if lift.way_id is None else lift.way_id,
        datastream=(GATEWAY, lift.code),
    )
