"""What a look at a camera's picture can tell: plain values, no picture among them."""

from dataclasses import dataclass, field
from enum import StrEnum

from devices.vision.arrays import Box
from devices.vision.ground import Point


class Reason(StrEnum):
    """Why a view can't be trusted."""

    NONE = ""
    DARK = "dark"
    COVERED = "covered"
    FROZEN = "frozen"
    BLURRED = "blurred"
    MOVED = "moved"


class Severity(StrEnum):
    """CAP 1.2."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"


class Congestion(StrEnum):
    """Four levels, as Korean traffic centres tell them: 원활, 서행, 지체, 정체."""

    FREE = "free"
    SLOW = "slow"
    DELAYED = "delayed"
    JAMMED = "jammed"


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the view can be believed now. Anything but ``ok`` makes every state unknown."""

    reason: Reason = Reason.NONE
    since_s: float = 0.0
    measure: float = 0.0  # what was measured: brightness, sharpness, shift in pixels of 320

    @property
    def ok(self) -> bool:
        return self.reason is Reason.NONE


@dataclass(frozen=True, slots=True)
class BayState:
    """``occupied`` is None while it can't be told; ``confidence`` belongs to what is told."""

    bay: str
    occupied: bool | None
    confidence: float
    at_s: float


@dataclass(frozen=True, slots=True)
class Crossing:
    """Somebody or something passed a line; forward is from its left to its right hand side."""

    line: str
    forward: bool
    kind: str
    track: int
    at_s: float
    speed_kmh: float | None = None


@dataclass(frozen=True, slots=True)
class ZoneLevel:
    """A zone over the last period. What needs metres is None in a view without calibration."""

    zone: str
    begun_s: float
    ended_s: float
    count: float  # mean number of things seen at a time
    occupancy: float  # mean share of the zone that was covered
    speed_kmh: float | None = None
    density_per_m2: float | None = None
    congestion: Congestion | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something for the safety desk; told when it is confirmed and once more when it is over."""

    key: str  # the same for the beginning and the end
    kind: str
    zone: str
    onset_s: float
    seen_s: float
    severity: Severity
    confidence: float
    box: Box
    at_m: Point | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class TrackState:
    """One thing followed, as it is now."""

    track: int
    kind: str
    box: Box
    at_m: Point
    velocity_mps: Point
    score: float
    seen_s: float  # older than the look while it is hidden


@dataclass(frozen=True, slots=True)
class Findings:
    at_s: float
    health: Health
    tracks: tuple[TrackState, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    levels: tuple[ZoneLevel, ...] = ()
    bays: tuple[BayState, ...] = ()
    events: tuple[Event, ...] = ()
    moving: tuple[Box, ...] = field(default=())
