"""A UG405 outstation: which stage it shows, and which it is asked for.

It knows stages, not phases: `stages` says which of our phases each of its stages lets go. Central
control is a mode with a timeout of the outstation's own; when we die it goes back to its plan.
Only the stages of one stream are read. It says nothing of walkers and their clearance, so walkers'
heads are dark to us, and nobody is told anything of them.
"""

from collections.abc import Sequence

from devices.adapters.ntcip1202.adapter import (
    LONGEST_BACKUP_S,
    Command,
    Counts,
    Reading,
    Senseless,
    Unfit,
)
from devices.protocols import ug405
from devices.protocols.ntcip1202 import (
    Colour,
    ControlStatus,
    FlashStatus,
    PhaseState,
    Walking,
)
from devices.protocols.snmp.ber import Typed, Value
from devices.protocols.snmp.messages import number
from devices.snmp.asking import Asking
from devices.snmp.link import Agent, Declined, Question


class Outstation:
    """The same questions as an NTCIP controller answers."""

    def __init__(
        self,
        link: Asking,
        agent: Agent,
        *,
        naming: ug405.Naming,
        stages: Sequence[frozenset[int]],
        phases: int,
    ) -> None:
        self.agent = agent
        self._link, self._naming = link, naming
        self._stages, self._phases = tuple(stages), range(1, phases + 1)
        self._state = Question.of([ug405.OPERATION_MODE, naming.stages()])
        self._detectors = Question.of([naming.detectors()])
        self._timeout = Question.of([ug405.OPERATION_MODE_TIMEOUT])

    async def read(self) -> Reading:
        """Between two stages nothing is green."""
        mode, reply = await self._link.get(self.agent, self._state)
        shown = ug405.numbers_in(_bits(reply))
        if len(shown) > 1 or any(one > len(self._stages) for one in shown):
            raise Senseless(f"It shows stages {shown}.")
        green = self._stages[shown[0] - 1] if shown else frozenset[int]()
        central = number(mode) == ug405.CENTRAL_CONTROL
        control = ControlStatus.SYSTEM_CONTROL if central else ControlStatus.TIMEBASE
        phases = tuple(_phase(phase, is_green=phase in green) for phase in self._phases)
        return Reading(phases, control, FlashStatus.NOT_FLASH, 0, 0)

    async def presence(self) -> frozenset[int]:
        """Detectors over which somebody is; none where the outstation has no such object."""
        try:
            (reply,) = await self._link.get(self.agent, self._detectors)
        except Declined:
            return frozenset()
        return frozenset(ug405.numbers_in(reply)) if isinstance(reply, bytes) else frozenset()

    async def count(self) -> Counts:
        """UG405 counts nothing."""
        return Counts(0, 0, ())

    async def backup_time_s(self) -> int:
        """Raises Unfit where central control would last for ever, or too long after our death."""
        (answer,) = await self._link.get(self.agent, self._timeout)
        seconds = number(answer)
        if seconds is None or not 1 <= seconds <= LONGEST_BACKUP_S:
            raise Unfit(f"Its central control ends after {seconds} s; 1 to {LONGEST_BACKUP_S} fit.")
        return seconds

    async def command(self, command: Command) -> None:
        wanted = command.call or command.hold
        if not wanted:
            await self._set(ug405.LOCAL_CONTROL, [])
            return
        serving = [n for n, phases in enumerate(self._stages, start=1) if wanted <= phases]
        if not serving:
            raise Unfit(f"No stage lets {sorted(wanted)} go together.")
        await self._set(ug405.CENTRAL_CONTROL, serving[:1])

    async def run_pattern(self, pattern: int) -> None:
        """Its plans are chosen by its own timetable."""
        if pattern:
            raise Unfit("A UG405 outstation takes stages, not patterns.")
        await self._set(ug405.LOCAL_CONTROL, [])

    async def _set(self, mode: int, stages: Sequence[int]) -> None:
        force = (self._naming.force(), ug405.bits_of(stages))
        await self._link.set(self.agent, [(ug405.OPERATION_MODE, mode), force])


def _bits(value: Value) -> bytes:
    if isinstance(value, Typed) and isinstance(value.value, bytes):
        return value.value
    if not isinstance(value, bytes):
        raise Senseless("Its stages are no bits.")
    return value


def _phase(phase: int, *, is_green: bool) -> PhaseState:
    return PhaseState(
        phase,
        Colour.GREEN if is_green else Colour.RED,
        Walking.DARK,
        vehicle_call=False, pedestrian_call=False, is_next=False,
    )  # fmt: skip
