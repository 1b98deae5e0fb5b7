"""The demo town's junctions, each with a controller that the simulator will speak for."""

from apps.navigation.services.signals import bind_if_stale
from apps.traffic.services.provisioning import provision_junction
from citizen.demo.seed.gateway_keys import gateway_of
from citizen.demo.signals.plans import plans_of
from citizen.demo.world.town import Town
from devices.services.controllers import connect_controller
from devices.services.provisioning import ThingPlan, provision_thing

HOST, COMMUNITY = "127.0.0.1", "dalbit"


def seed_junctions(town: Town) -> None:
    """The port is told by the simulator when it has one."""
    gateway = gateway_of(town, "GW-SIGNAL")
    for plan in plans_of(town):
        thing = provision_thing(
            gateway=gateway,
            plan=ThingPlan(
                code=f"controller-{plan.code}", names=plan.names, lon=plan.lon, lat=plan.lat
            ),
        )
        phases = max(group.phase for group in plan.groups)
        controller = connect_controller(
            thing=thing, host=HOST, community=COMMUNITY, phases=phases, detectors=phases
        )
        provision_junction(plan=plan, controller=controller)
    bind_if_stale()
