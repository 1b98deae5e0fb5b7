"""`manage.py simulate_signals`: the demo town's signal controllers, SNMP agents on loopback."""

import asyncio
from importlib.util import find_spec
from typing import Any

from asgiref.sync import sync_to_async
from django.core.management.base import BaseCommand

from apps.traffic.selectors.junctions import junctions_to_watch
from apps.traffic.snapshot import load_plan
from citizen.demo.signals.street import Street
from citizen.demo.signals.sumo_street import SumoStreet
from devices.models import SignalController
from devices.services.controllers import agent_of, move_controller
from devices.simulators.snmp_agent import SnmpAgent

STEP_S = 0.5
AnyStreet = Street | SumoStreet


class Command(BaseCommand):
    help = "Runs the demo town's signal controllers and the traffic before them."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        asyncio.run(_run())


async def _run() -> None:
    streets = [
        await _opened(controller, street, port)
        for controller, street, port in await sync_to_async(_streets)()
    ]
    loop = asyncio.get_running_loop()
    while True:
        began_s = loop.time()
        for street in streets:
            street.tick(began_s, STEP_S)
        await asyncio.sleep(max(0.0, STEP_S - (loop.time() - began_s)))


def _streets() -> list[tuple[SignalController, AnyStreet, int]]:
    """The first junction's traffic is SUMO's where it is installed, that of the others a simple
    one."""
    found: list[tuple[SignalController, AnyStreet, int]] = []
    for junction in junctions_to_watch():
        assert junction.controller is not None
        kind = SumoStreet if not found and find_spec("libsumo") else Street
        street = kind(load_plan(junction), seed=junction.pk)
        found.append((junction.controller, street, junction.controller.port))
    return found


async def _opened(controller: SignalController, street: AnyStreet, port: int) -> AnyStreet:
    """At the port it had before, so that whoever asks need not look again; else at a free one."""
    community = (await sync_to_async(agent_of)(controller)).community
    agent = SnmpAgent(street.controller, community)
    try:
        address = await agent.open(port)
    except OSError:
        address = await agent.open()
    await sync_to_async(move_controller)(controller=controller, host=address[0], port=address[1])
    return street
