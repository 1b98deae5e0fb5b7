"""A signal controller over SNMP: what it shows, and the few things it may be told.

Commands are SET requests to control objects. A controller obeys them only while its backup timer
runs: each write restarts it, and when it expires the controller drops every hold, force-off and
omit and goes back to its own programme. That is what keeps the street safe if we die, so a
controller whose timer is off, or longer than a minute, is never commanded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from devices.protocols import ntcip1202 as ntcip
from devices.protocols.ntcip1202 import (
    Contradiction,
    ControlColumn,
    ControlStatus,
    DetectorReading,
    FlashStatus,
    PhaseState,
)
from devices.protocols.snmp.ber import Oid, Value
from devices.protocols.snmp.messages import Binding, number
from devices.snmp.asking import Asking
from devices.snmp.link import Agent, Question

LONGEST_BACKUP_S = 60


class Unfit(Exception):
    """This controller must not be commanded; the message says why."""


class Senseless(ValueError):
    """The controller answers, but with values that cannot be."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a controller says at one moment. `pattern` 254 is free, 255 flash; `preempted` are the
    preemptions that run: railways, fire stations."""

    phases: tuple[PhaseState, ...]
    control: ControlStatus
    flash: FlashStatus
    pattern: int
    cycle_s: int
    preempted: frozenset[int] = frozenset()

    def is_healthy(self) -> bool:
        return self.flash == FlashStatus.NOT_FLASH


@dataclass(frozen=True, slots=True)
class Counts:
    """What detectors counted in one period; `sequence` tells one period from the next."""

    sequence: int
    period_s: int
    detectors: tuple[DetectorReading, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """Phases to hold in green, to force off, to leave out, and to call."""

    hold: frozenset[int] = frozenset()
    force_off: frozenset[int] = frozenset()
    omit: frozenset[int] = frozenset()
    call: frozenset[int] = frozenset()

    def columns(self) -> tuple[tuple[ControlColumn, frozenset[int]], ...]:
        return (
            (ControlColumn.PHASE_OMIT, self.omit),
            (ControlColumn.HOLD, self.hold),
            (ControlColumn.FORCE_OFF, self.force_off),
            (ControlColumn.VEHICLE_CALL, self.call),
        )


LET_GO = Command()
_NO_PREEMPT = (ntcip.PreemptState.NOT_ACTIVE, ntcip.PreemptState.NOT_ACTIVE_WITH_CALL)

_UNIT = (
    ntcip.UNIT_CONTROL_STATUS, ntcip.UNIT_FLASH_STATUS, ntcip.PATTERN_STATUS, ntcip.CYCLE_STATUS,
)  # fmt: skip


class Controller:
    """One controller; how many phases, vehicle detectors and preemptions it has is configured."""

    def __init__(
        self, link: Asking, agent: Agent, *, phases: int = 8, detectors: int = 0, preempts: int = 0
    ) -> None:
        self.agent = agent
        self._link = link
        self._groups = list(ntcip.groups_of(phases))
        self._detectors = list(range(1, detectors + 1))
        self._status = [Question.of(ntcip.status_oids(group)) for group in self._groups]
        self._unit = Question.of(_UNIT)
        self._counts = Question.of(
            [ntcip.VOLUME_SEQUENCE, ntcip.VOLUME_PERIOD, *_detector_oids(self._detectors)]
        )
        self._presence = Question.of(
            [ntcip.detector_presence(group) for group in ntcip.groups_of(detectors)]
        )
        self._preempts = Question.of(
            [(*ntcip.PREEMPT_STATE, number) for number in range(1, preempts + 1)]
        )
        self._backup = Question.of([ntcip.UNIT_BACKUP_TIME])

    async def read(self) -> Reading:
        """Raises what `Link.get` does, and Senseless for an answer that cannot be true."""
        phases: list[PhaseState] = []
        for group, question in zip(self._groups, self._status, strict=True):
            values = await self._link.get(self.agent, question)
            phases += _phases(group, values)
        control, flash, pattern, cycle_s = _numbers(
            _UNIT, await self._link.get(self.agent, self._unit)
        )
        preempted = await self._preempted()
        try:
            return Reading(
                tuple(phases), ControlStatus(control), FlashStatus(flash), pattern, cycle_s,
                preempted,
            )  # fmt: skip
        except ValueError as error:
            raise Senseless(str(error)) from error

    async def count(self) -> Counts:
        """Volume and occupancy of every detector in the last period."""
        answer = await self._link.get(self.agent, self._counts)
        sequence, period_s, *rest = _numbers(self._counts.oids, answer)
        try:
            readings = tuple(
                ntcip.detector_reading(detector, *rest[2 * i : 2 * i + 2])
                for i, detector in enumerate(self._detectors)
            )
        except ValueError as error:
            raise Senseless(str(error)) from error
        return Counts(sequence, period_s, readings)

    async def presence(self) -> frozenset[int]:
        """The detectors over which somebody is at this moment."""
        if not self._presence.oids:
            return frozenset()
        answer = await self._link.get(self.agent, self._presence)
        return frozenset(ntcip.numbers_in(_numbers(self._presence.oids, answer)))

    async def backup_time_s(self) -> int:
        """How long the controller obeys after our last word.

        Raises:
            Unfit: it would obey for ever, or too long after our death.
        """
        answer = await self._link.get(self.agent, self._backup)
        (seconds,) = _numbers(self._backup.oids, answer)
        if not 1 <= seconds <= LONGEST_BACKUP_S:
            raise Unfit(f"Its backup timer is {seconds} s; 1 to {LONGEST_BACKUP_S} s are safe.")
        return seconds

    async def command(self, command: Command) -> None:
        """Write all control objects at once; the backup timer starts anew."""
        await self._link.set(self.agent, list(self._bindings(command)))

    async def run_pattern(self, pattern: int) -> None:
        """Run a pattern of the controller's own; 0 leaves the choice to it. Forgotten with the
        backup timer, as all commands are."""
        await self._link.set(self.agent, [(ntcip.SYSTEM_PATTERN_CONTROL, pattern)])

    async def _preempted(self) -> frozenset[int]:
        if not self._preempts.oids:
            return frozenset()
        answer = await self._link.get(self.agent, self._preempts)
        states = _numbers(self._preempts.oids, answer)
        return frozenset(n for n, state in enumerate(states, 1) if state not in _NO_PREEMPT)

    def _bindings(self, command: Command) -> Iterable[Binding]:
        for group in self._groups:
            for column, phases in command.columns():
                yield ntcip.phase_control(column, group), ntcip.bits_of(phases, group)


def _detector_oids(detectors: Sequence[int]) -> Iterable[Oid]:
    for detector in detectors:
        yield ntcip.detector_volume(detector)
        yield ntcip.detector_occupancy(detector)


def _numbers(oids: Sequence[Oid], values: Sequence[Value]) -> list[int]:
    found = [number(value) for value in values]
    for oid, value in zip(oids, found, strict=True):
        if value is None:
            raise Senseless(f"{'.'.join(map(str, oid))} is no number.")
    return [value for value in found if value is not None]


def _phases(group: int, values: Sequence[Value]) -> list[PhaseState]:
    try:
        return ntcip.phase_states(group, _numbers(ntcip.status_oids(group), values))
    except Contradiction as error:
        raise Senseless(str(error)) from error
