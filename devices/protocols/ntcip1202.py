"""NTCIP 1202 objects of a traffic signal controller, as far as the city uses them: names, numbers,
and what the numbers mean. Pure; SNMP carries them (`devices/snmp`).

Phases, detectors and channels stand in groups of eight: bit 0 of group 1 is number 1. Control
objects (hold, force-off, omits, calls, system pattern) restart the controller's backup timer with
each write; when it runs out, the controller clears them and goes back to local control.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

Oid = tuple[int, ...]
T = TypeVar("T")

ASC: Oid = (1, 3, 6, 1, 4, 1, 1206, 4, 2, 1)

PHASE_TABLE = (*ASC, 1, 2, 1)
PHASE_STATUS = (*ASC, 1, 4, 1)
PHASE_CONTROL = (*ASC, 1, 5, 1)
DETECTOR_STATUS = (*ASC, 2, 4, 1)
VOLUME_OCCUPANCY = (*ASC, 2, 5, 4, 1)

MAX_PHASES = (*ASC, 1, 1, 0)
MAX_PHASE_GROUPS = (*ASC, 1, 3, 0)
MAX_DETECTORS = (*ASC, 2, 1, 0)
VOLUME_SEQUENCE = (*ASC, 2, 5, 1, 0)
VOLUME_PERIOD = (*ASC, 2, 5, 2, 0)
UNIT_BACKUP_TIME = (*ASC, 3, 3, 0)
UNIT_CONTROL_STATUS = (*ASC, 3, 5, 0)
UNIT_FLASH_STATUS = (*ASC, 3, 6, 0)
SHORT_ALARM_STATUS = (*ASC, 3, 9, 0)
PATTERN_STATUS = (*ASC, 4, 10, 0)
CYCLE_STATUS = (*ASC, 4, 12, 0)
SYSTEM_PATTERN_CONTROL = (*ASC, 4, 14, 0)
PREEMPT_STATE = (*ASC, 6, 2, 1, 16)

FREE_PATTERN, FLASH_PATTERN = 254, 255
GROUP_SIZE = 8


class PhaseColumn(IntEnum):
    """Columns of the phase table: times in seconds, or in tenths where it says so."""

    WALK_S = 2
    PEDESTRIAN_CLEAR_S = 3
    MINIMUM_GREEN_S = 4
    PASSAGE_DS = 5
    MAXIMUM_1_S = 6
    MAXIMUM_2_S = 7
    YELLOW_CHANGE_DS = 8
    RED_CLEAR_DS = 9
    OPTIONS = 21
    RING = 22
    CONCURRENCY = 23


class StatusColumn(IntEnum):
    REDS = 2
    YELLOWS = 3
    GREENS = 4
    DONT_WALKS = 5
    PEDESTRIAN_CLEARS = 6
    WALKS = 7
    VEHICLE_CALLS = 8
    PEDESTRIAN_CALLS = 9
    PHASE_ONS = 10
    PHASE_NEXTS = 11


class ControlColumn(IntEnum):
    PHASE_OMIT = 2
    PEDESTRIAN_OMIT = 3
    HOLD = 4
    FORCE_OFF = 5
    VEHICLE_CALL = 6
    PEDESTRIAN_CALL = 7


class ControlStatus(IntEnum):
    OTHER = 1
    SYSTEM_CONTROL = 2
    SYSTEM_STANDBY = 3
    BACKUP_MODE = 4
    MANUAL = 5
    TIMEBASE = 6
    INTERCONNECT = 7
    INTERCONNECT_BACKUP = 8


class FlashStatus(IntEnum):
    OTHER = 1
    NOT_FLASH = 2
    AUTOMATIC = 3
    LOCAL_MANUAL = 4
    FAULT_MONITOR = 5
    MALFUNCTION_UNIT = 6
    STARTUP = 7
    PREEMPT = 8


class PreemptState(IntEnum):
    OTHER = 1
    NOT_ACTIVE = 2
    NOT_ACTIVE_WITH_CALL = 3
    ENTRY_STARTED = 4
    TRACK_SERVICE = 5
    DWELL = 6
    LINK_ACTIVE = 7
    EXIT_STARTED = 8
    MAX_PRESENCE = 9


class DetectorFault(IntEnum):
    """Values of `detectorOccupancy` that are no occupancy."""

    MAX_PRESENCE = 210
    NO_ACTIVITY = 211
    OPEN_LOOP = 212
    SHORTED_LOOP = 213
    EXCESSIVE_CHANGE = 214
    WATCHDOG = 216
    ERRATIC = 217


class Colour(IntEnum):
    DARK = 0
    RED = 1
    YELLOW = 2
    GREEN = 3


class Walking(IntEnum):
    DARK = 0
    DONT_WALK = 1
    CLEARING = 2
    WALK = 3


@dataclass(frozen=True, slots=True)
class PhaseState:
    """What one phase shows at one moment."""

    phase: int
    vehicles: Colour
    walkers: Walking
    vehicle_call: bool
    pedestrian_call: bool
    is_next: bool


@dataclass(frozen=True, slots=True)
class DetectorReading:
    """`volume` vehicles in the period, None when it overflowed; `occupancy` 0 to 1, None on a
    fault."""

    detector: int
    volume: int | None
    occupancy: float | None
    fault: DetectorFault | None


def phase_value(column: PhaseColumn, phase: int) -> Oid:
    return (*PHASE_TABLE, column, phase)


def phase_status(column: StatusColumn, group: int) -> Oid:
    return (*PHASE_STATUS, column, group)


def phase_control(column: ControlColumn, group: int) -> Oid:
    return (*PHASE_CONTROL, column, group)


def detector_presence(group: int) -> Oid:
    return (*DETECTOR_STATUS, 2, group)


def detector_volume(detector: int) -> Oid:
    return (*VOLUME_OCCUPANCY, 1, detector)


def detector_occupancy(detector: int) -> Oid:
    return (*VOLUME_OCCUPANCY, 2, detector)


def groups_of(count: int) -> range:
    """The numbers of the groups that hold `count` phases or detectors."""
    return range(1, (count + GROUP_SIZE - 1) // GROUP_SIZE + 1)


def bits_of(numbers: Iterable[int], group: int) -> int:
    """The bitmap of a group, for those of `numbers` (from 1) that stand in it."""
    first = (group - 1) * GROUP_SIZE + 1
    return sum(1 << (number - first) for number in set(numbers) if 0 <= number - first < GROUP_SIZE)


def numbers_in(bitmaps: Sequence[int]) -> Iterator[int]:
    """The numbers whose bits are set, given the bitmaps of groups 1, 2, …"""
    for index, bitmap in enumerate(bitmaps):
        for bit in range(GROUP_SIZE):
            if bitmap >> bit & 1:
                yield index * GROUP_SIZE + bit + 1


STATUS_COLUMNS = (
    StatusColumn.REDS, StatusColumn.YELLOWS, StatusColumn.GREENS,
    StatusColumn.DONT_WALKS, StatusColumn.PEDESTRIAN_CLEARS, StatusColumn.WALKS,
    StatusColumn.VEHICLE_CALLS, StatusColumn.PEDESTRIAN_CALLS, StatusColumn.PHASE_NEXTS,
)  # fmt: skip


def status_oids(group: int) -> list[Oid]:
    """The objects of one group, in the order that `phase_states` reads."""
    return [phase_status(column, group) for column in STATUS_COLUMNS]


class Contradiction(ValueError):
    """A phase shows two colours at once: the answer is wrong, or the signal is."""


def phase_states(group: int, bitmaps: Sequence[int]) -> list[PhaseState]:
    """What the eight phases of a group show; phases that show nothing are dark.

    Raises:
        Contradiction: more than one colour for one phase, or no bitmap of eight bits.
    """
    if len(bitmaps) != len(STATUS_COLUMNS) or any(not 0 <= b <= 0xFF for b in bitmaps):
        raise Contradiction(f"Group {group} does not answer with bitmaps of eight phases.")
    return [_phase_state(group, bit, bitmaps) for bit in range(GROUP_SIZE)]


def _phase_state(group: int, bit: int, bitmaps: Sequence[int]) -> PhaseState:
    on = [bool(bitmap >> bit & 1) for bitmap in bitmaps]
    phase = (group - 1) * GROUP_SIZE + bit + 1
    if sum(on[0:3]) > 1 or sum(on[3:6]) > 1:
        raise Contradiction(f"Phase {phase} shows more than one colour.")
    return PhaseState(
        phase=phase,
        vehicles=_first(on[0:3], (Colour.RED, Colour.YELLOW, Colour.GREEN), Colour.DARK),
        walkers=_first(on[3:6], (Walking.DONT_WALK, Walking.CLEARING, Walking.WALK), Walking.DARK),
        vehicle_call=on[6],
        pedestrian_call=on[7],
        is_next=on[8],
    )


def _first(on: Sequence[bool], meanings: Sequence[T], otherwise: T) -> T:
    return next((meaning for lit, meaning in zip(on, meanings, strict=True) if lit), otherwise)


def detector_reading(detector: int, volume: int, occupancy: int) -> DetectorReading:
    """Raises ValueError for an occupancy that the standard has no meaning for."""
    if 0 <= occupancy <= 200:
        counted = volume if 0 <= volume < 255 else None
        return DetectorReading(detector, counted, occupancy / 200, None)
    return DetectorReading(detector, None, None, DetectorFault(occupancy))
