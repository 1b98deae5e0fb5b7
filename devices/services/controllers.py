"""Where signal controllers answer, as the catalogue knows them, and how each kind is spoken to."""

from collections.abc import Sequence

from apps.base.sealing import seal, unseal
from devices.adapters.ntcip1202.adapter import Controller
from devices.adapters.ug405.adapter import Outstation
from devices.models import SignalController, Thing
from devices.protocols.ug405 import Naming
from devices.snmp.asking import Asking
from devices.snmp.link import Agent


def connect_controller(
    *,
    thing: Thing,
    host: str,
    port: int = 161,
    community: str,
    phases: int = 8,
    detectors: int = 0,
    kind: str = SignalController.Kind.NTCIP_1202,
    version: int = SignalController.Version.V2C,
    scn: str = "",
    preempts: int = 0,
) -> SignalController:
    """Say where a thing that is a signal controller answers. Again with the same thing: anew. For
    SNMP v3 `community` is `user:password:key`."""
    row, _created = SignalController.objects.update_or_create(
        thing=thing,
        defaults={
            "host": host,
            "port": port,
            "community_sealed": seal(community),
            "phases": phases,
            "detectors": detectors,
            "kind": kind,
            "version": version,
            "scn": scn,
            "preempts": preempts,
        },
    )
    return row


def agent_of(controller: SignalController) -> Agent:
    return Agent(
        (controller.host, controller.port),
        unseal(controller.community_sealed).encode(),
        controller.version,
    )


def speaker_for(
    controller: SignalController, link: Asking, *, stages: Sequence[frozenset[int]]
) -> Controller | Outstation:
    """What talks with a controller in its own language; `stages` are the phases that go together.

    Raises ValueError for an outstation without a name.
    """
    agent = agent_of(controller)
    if controller.kind == SignalController.Kind.UG405:
        naming = Naming(controller.scn)
        return Outstation(link, agent, naming=naming, stages=stages, phases=controller.phases)
    return Controller(
        link, agent, phases=controller.phases, detectors=controller.detectors,
        preempts=controller.preempts,
    )  # fmt: skip


def move_controller(*, controller: SignalController, host: str, port: int) -> None:
    """Say that it answers elsewhere now."""
    SignalController.objects.filter(pk=controller.pk).update(host=host, port=port)
