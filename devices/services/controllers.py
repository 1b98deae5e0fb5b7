"""Where signal controllers answer, as the catalogue knows them."""

from devices.models import SignalController, Thing
from devices.services.sealing import seal, unseal
from devices.snmp.link import Agent


def connect_controller(
    *, thing: Thing, host: str, port: int = 161, community: str, phases: int = 8, detectors: int = 0
) -> SignalController:
    """Say where a thing that is a signal controller answers. Again with the same thing: anew."""
    row, _created = SignalController.objects.update_or_create(
        thing=thing,
        defaults={
            "host": host,
            "port": port,
            "community_sealed": seal(community),
            "phases": phases,
            "detectors": detectors,
        },
    )
    return row


def agent_of(controller: SignalController) -> Agent:
    return Agent(
        (controller.host, controller.port),
        unseal(controller.community_sealed).encode(),
        controller.version,
    )


def move_controller(*, controller: SignalController, host: str, port: int) -> None:
    """Say that it answers elsewhere now."""
    SignalController.objects.filter(pk=controller.pk).update(host=host, port=port)
