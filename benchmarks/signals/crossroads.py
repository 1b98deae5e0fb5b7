"""The referee's crossroads as rows, with a controller to ask."""

from apps.traffic.models import Junction, SignalGroup
from apps.traffic.services.provisioning import GroupPlan, JunctionPlan, provision_junction
from benchmarks.signals.referee import CROSSROADS
from citizen.demo.signals.controller import wired
from devices.services.controllers import connect_controller
from devices.services.gateways import create_gateway
from devices.services.provisioning import ThingPlan, provision_thing


def plan_of_crossroads() -> JunctionPlan:
    """The crossroads of the core's tests as rows; group numbers count from 1."""
    wiring = wired(CROSSROADS)
    phases = {g: p for wires in (wiring.vehicles, wiring.walkers) for p, g in wires.items()}
    return JunctionPlan(
        code="j01",
        names={"": "시청 앞", "en": "Town hall"},
        lon=127.01, lat=37.51, spat_id=12109,
        groups=tuple(
            GroupPlan(
                number=index + 1, names={"en": group.name},
                stream=SignalGroup.Stream(group.stream.value), phase=phases[index],
                min_green_s=group.min_green_s, clearance_s=group.clearance_s,
                detector=phases[index] if group.stream.value == "vehicles" else None,
            )
            for index, group in enumerate(CROSSROADS.groups)
        ),
        stages=[[g + 1 for g in sorted(stage)] for stage in CROSSROADS.stages],
        conflicts=[tuple(g + 1 for g in sorted(pair)) for pair in CROSSROADS.conflicts],  # type: ignore[misc]
    )  # fmt: skip


def settle(address: tuple[str, int]) -> Junction:
    """The junction and its controller, which answers at `address`."""
    gateway, _key = create_gateway(code="signals", names={"en": "Signals"}, actor="bench")
    thing = provision_thing(gateway=gateway, plan=ThingPlan(code="c01", names={"en": "J01"}))
    controller = connect_controller(
        thing=thing,
        host=address[0],
        port=address[1],
        community="public",
        phases=4,
        detectors=4,
        preempts=2,
    )
    return provision_junction(plan=plan_of_crossroads(), controller=controller)
