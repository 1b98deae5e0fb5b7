"""A simulated signal controller: a fixed-time programme of its own, obedient to NTCIP commands
while its backup timer runs, back on its own when it has run out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from apps.traffic.core import guard
from apps.traffic.core.guard import Aspect, GroupState
from apps.traffic.core.layout import Junction, Stream
from devices.protocols import ntcip1202 as ntcip
from devices.protocols.ntcip1202 import (
    ControlColumn,
    ControlStatus,
    FlashStatus,
    PreemptState,
    StatusColumn,
)
from devices.protocols.snmp import ber
from devices.protocols.snmp.ber import Absent, Oid, Value
from devices.protocols.snmp.messages import Binding, ErrorStatus

FREE = 254
OBEYED = (
    ControlColumn.PHASE_OMIT, ControlColumn.HOLD, ControlColumn.FORCE_OFF,
    ControlColumn.VEHICLE_CALL, ControlColumn.PEDESTRIAN_CALL,
)  # fmt: skip


@dataclass(frozen=True)
class Wiring:
    """Which groups of the layout a phase drives: its vehicles, and the walkers beside them."""

    vehicles: Mapping[int, int]
    walkers: Mapping[int, int] = field(default_factory=dict)

    def phases_of(self, groups: frozenset[int]) -> frozenset[int]:
        return frozenset(
            phase
            for wires in (self.vehicles, self.walkers)
            for phase, group in wires.items()
            if group in groups
        )


@dataclass
class FieldController:
    """`splits_s` is how long the own programme stays in each stage. `tick` moves time on."""

    junction: Junction
    wiring: Wiring
    splits_s: tuple[float, ...]
    backup_s: int = 10
    state: guard.State = field(init=False)
    now_s: float = 0.0
    detectors: dict[int, tuple[int, int]] = field(default_factory=dict)
    present: frozenset[int] = frozenset()
    sequence: int = 0
    period_s: int = 30
    patterns: Mapping[int, tuple[float, ...]] = field(default_factory=dict)
    preempt_stages: Mapping[int, int] = field(default_factory=dict)
    preempted: frozenset[int] = frozenset()
    _pattern: int = 0
    _told: dict[ControlColumn, list[int]] = field(init=False)
    _told_at_s: float | None = None

    def __post_init__(self) -> None:
        self.state = guard.begin(self.junction, self.now_s)
        self._forget()

    @property
    def is_commanded(self) -> bool:
        return self._told_at_s is not None

    def tick(self, now_s: float, calls: frozenset[int] = frozenset()) -> None:
        """Move on to `now_s`; `calls` are groups of the layout that want green."""
        self.now_s = now_s
        if self._told_at_s is not None and now_s - self._told_at_s >= self.backup_s:
            self._forget()
        pressed = frozenset(self._groups(ControlColumn.PEDESTRIAN_CALL, self.wiring.walkers))
        self.state = guard.advance(
            self.junction, self.state, now_s, wish=self._wish(), calls=calls | pressed
        )

    def _wish(self) -> int | None:
        """The stage to be in: that of a preemption, else as told, else as the own programme has
        it."""
        for number in sorted(self.preempted & self.preempt_stages.keys()):
            return self.preempt_stages[number]
        stage, stages = self.state.stage, len(self.junction.stages)
        if not self.is_commanded or self._pattern:
            splits_s = self.patterns.get(self._pattern, self.splits_s)
            over = self.now_s - self.state.since_s >= splits_s[stage]
            return (stage + 1) % stages if over else None
        shown = self.wiring.phases_of(self.junction.stages[stage])
        if shown & self._phases(ControlColumn.HOLD):
            return stage
        if not shown & self._phases(ControlColumn.FORCE_OFF):
            return None
        omitted = self._phases(ControlColumn.PHASE_OMIT)
        following = [(stage + i) % stages for i in range(1, stages)]
        return next((one for one in following if not self._is_omitted(one, omitted)), None)

    def _is_omitted(self, stage: int, omitted: frozenset[int]) -> bool:
        """A stage is left out when it serves a phase that the stage we leave does not, omitted."""
        here = self.wiring.phases_of(self.junction.stages[self.state.stage])
        return bool((self.wiring.phases_of(self.junction.stages[stage]) - here) & omitted)

    def _phases(self, column: ControlColumn) -> frozenset[int]:
        return frozenset(ntcip.numbers_in(self._told[column]))

    def _groups(self, column: ControlColumn, wires: Mapping[int, int]) -> list[int]:
        return [wires[phase] for phase in self._phases(column) if phase in wires]

    def _forget(self) -> None:
        self._told = {column: [0] * len(self._groups_of_eight) for column in ControlColumn}
        self._told_at_s = None
        self._pattern = 0

    @property
    def _groups_of_eight(self) -> range:
        return ntcip.groups_of(max((*self.wiring.vehicles, *self.wiring.walkers)))

    # ------------------------------------------------------------ as SNMP objects

    def read(self, oid: Oid) -> Value | Absent:
        if oid[:-2] == ntcip.PHASE_STATUS and oid[-1] in self._groups_of_eight:
            return self._status(oid[-2], oid[-1])
        if oid[:-2] == ntcip.PHASE_CONTROL and self._is_obeyed(oid):
            return self._told[ControlColumn(oid[-2])][oid[-1] - 1]
        if oid[:-1] == ntcip.detector_presence(0)[:-1]:
            return ntcip.bits_of(self.present, oid[-1])
        if oid[:-1] == ntcip.PREEMPT_STATE:
            running = oid[-1] in self.preempted
            return PreemptState.DWELL if running else PreemptState.NOT_ACTIVE
        if oid[:-2] == ntcip.VOLUME_OCCUPANCY and oid[-1] in self.detectors:
            return self.detectors[oid[-1]][oid[-2] - 1]
        return self._scalars().get(oid, Absent(ber.NO_SUCH_INSTANCE))

    def _scalars(self) -> dict[Oid, int]:
        control = ControlStatus.SYSTEM_CONTROL if self.is_commanded else ControlStatus.BACKUP_MODE
        return {
            ntcip.UNIT_BACKUP_TIME: self.backup_s,
            ntcip.UNIT_CONTROL_STATUS: control,
            ntcip.UNIT_FLASH_STATUS: FlashStatus.NOT_FLASH,
            ntcip.PATTERN_STATUS: self._pattern or FREE,
            ntcip.SYSTEM_PATTERN_CONTROL: self._pattern,
            ntcip.CYCLE_STATUS: int(self.now_s - self.state.since_s),
            ntcip.VOLUME_SEQUENCE: self.sequence % 256,
            ntcip.VOLUME_PERIOD: self.period_s,
        }

    def _status(self, column: int, group: int) -> int:
        lit = {
            phase
            for phase in (*self.wiring.vehicles, *self.wiring.walkers)
            if self._shows(phase, column)
        }
        return ntcip.bits_of(lit, group)

    def _shows(self, phase: int, column: int) -> bool:
        vehicles = self._state_of(self.wiring.vehicles.get(phase))
        walkers = self._state_of(self.wiring.walkers.get(phase))
        shown = {
            StatusColumn.REDS: (vehicles, Aspect.RED),
            StatusColumn.YELLOWS: (vehicles, Aspect.CLEARING),
            StatusColumn.GREENS: (vehicles, Aspect.GREEN),
            StatusColumn.DONT_WALKS: (walkers, Aspect.RED),
            StatusColumn.PEDESTRIAN_CLEARS: (walkers, Aspect.CLEARING),
            StatusColumn.WALKS: (walkers, Aspect.GREEN),
        }
        if column in shown:
            state, aspect = shown[StatusColumn(column)]
            return state is not None and state.aspect is aspect
        waiting = {StatusColumn.VEHICLE_CALLS: vehicles, StatusColumn.PEDESTRIAN_CALLS: walkers}
        state = waiting.get(StatusColumn(column)) if column in waiting else None
        return state is not None and state.called_s is not None

    def _state_of(self, group: int | None) -> GroupState | None:
        return None if group is None else self.state.groups[group]

    def following(self, oid: Oid) -> Oid | None:
        return min((known for known in self._scalars() if known > oid), default=None)

    def _is_obeyed(self, oid: Oid) -> bool:
        return oid[-2] in OBEYED and oid[-1] in self._groups_of_eight

    def refusal(self, oid: Oid, value: Value) -> ErrorStatus:
        if oid == ntcip.SYSTEM_PATTERN_CONTROL:
            known = value in (0, FREE, *self.patterns)
            return ErrorStatus.NO_ERROR if known else ErrorStatus.WRONG_VALUE
        if oid[:-2] != ntcip.PHASE_CONTROL or not self._is_obeyed(oid):
            return ErrorStatus.NOT_WRITABLE
        if not isinstance(value, int):
            return ErrorStatus.WRONG_TYPE
        return ErrorStatus.NO_ERROR if 0 <= value <= 255 else ErrorStatus.WRONG_VALUE

    def write(self, bindings: tuple[Binding, ...]) -> None:
        for oid, value in bindings:
            assert isinstance(value, int)
            if oid == ntcip.SYSTEM_PATTERN_CONTROL:
                self._pattern = value if value != FREE else 0
                continue
            self._told[ControlColumn(oid[-2])][oid[-1] - 1] = value
        self._told_at_s = self.now_s


def wired(junction: Junction) -> Wiring:
    """Phases numbered by vehicle groups; walkers beside the first vehicles that share all their
    stages, or on a phase of their own."""
    streams = [plan.stream for plan in junction.groups]
    driving = (group for group, stream in enumerate(streams) if stream is Stream.VEHICLES)
    vehicles = dict(enumerate(driving, start=1))
    walkers: dict[int, int] = {}
    for group, stream in enumerate(streams):
        if stream is Stream.WALKERS:
            walkers[_phase_beside(junction, group, vehicles, walkers)] = group
    return Wiring(vehicles, walkers)


def _phase_beside(
    junction: Junction, group: int, vehicles: Mapping[int, int], walkers: Mapping[int, int]
) -> int:
    own = set(junction.stages_serving(group))
    beside = (
        phase
        for phase, other in vehicles.items()
        if phase not in walkers and own <= set(junction.stages_serving(other))
    )
    return next(beside, max((*vehicles, *walkers)) + 1)
