"""A rule says what is suspicious now; `Vigil` makes one event of a suspicion that lasts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from devices.vision.arrays import Box
from devices.vision.findings import Event, Severity
from devices.vision.ground import Point, View
from devices.vision.tracking import Track

if TYPE_CHECKING:
    from devices.vision.scene import Zone


@dataclass(frozen=True, slots=True)
class Resting:
    """A patch that is not background and has not changed for a while."""

    number: int
    box: Box
    since_s: float
    size_m: float  # width on the ground
    height_m: float = 0.0  # if it stands upright


@dataclass(frozen=True, slots=True)
class Moment:
    """All that a rule may look at."""

    at_s: float
    view: View
    tracks: Sequence[Track] = ()
    resting: Sequence[Resting] = ()
    occupancy: dict[str, float] = field(default_factory=dict)  # by zone, share covered now
    local: datetime | None = None  # the city's wall clock, for schedules


@dataclass(frozen=True, slots=True)
class Suspicion:
    subject: str  # what it is about, the same from look to look
    since_s: float | None  # None: since it was first suspected
    box: Box
    strength: float = 0.7  # 0 to 1
    at_m: Point | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a zone is watched for, with the operator's thresholds."""

    kind: ClassVar[str]

    after_s: float = 2.0
    gone_s: float = 3.0
    least_confidence: float = 0.0
    severity: Severity = Severity.MODERATE

    def __post_init__(self) -> None:
        if self.after_s < 0 or self.gone_s < 0:
            raise ValueError(f"{self.kind}: a time can't be negative")
        if not 0 <= self.least_confidence <= 1:
            raise ValueError(f"{self.kind}: a confidence lies between 0 and 1")

    def suspicions(self, zone: "Zone", moment: Moment) -> Iterator[Suspicion]:
        raise NotImplementedError


def about(track: Track, since_s: float | None, strength: float) -> Suspicion:
    return Suspicion(str(track.number), since_s, track.box, min(strength, 0.99), track.at_m)


@dataclass(slots=True)
class _Held:
    event: Event
    last_s: float
    looks: int = 1
    told: bool = False


class Vigil:
    """One rule over one zone through time: tells an event once, and once more when it is over."""

    LEAST_LOOKS = 3

    def __init__(self, zone: "Zone", rule: Rule) -> None:
        self.zone, self.rule = zone, rule
        self._held: dict[str, _Held] = {}

    def look(self, moment: Moment) -> Iterator[Event]:
        for suspicion in self.rule.suspicions(self.zone, moment):
            yield from self._suspect(suspicion, moment.at_s)
        yield from self._let_go(moment.at_s)

    def end(self) -> Iterator[Event]:
        """Ends all that was told: the view is lost."""
        told = [held.event for held in self._held.values() if held.told]
        self._held.clear()
        yield from (replace(event, over=True) for event in told)

    def _suspect(self, suspicion: Suspicion, at_s: float) -> Iterator[Event]:
        held = self._held.get(suspicion.subject)
        if held is None:
            held = _Held(self._event(suspicion, at_s), at_s)
            self._held[suspicion.subject] = held
        else:
            held.looks, held.last_s = held.looks + 1, at_s
            held.event = self._updated(held, suspicion, at_s)
        if self._is_ripe(held, at_s):
            held.told = True
            yield held.event

    def _updated(self, held: _Held, suspicion: Suspicion, at_s: float) -> Event:
        """A beginning that moves on has not lasted; once told it stands."""
        begun_s = suspicion.since_s
        onset_s = held.event.onset_s if held.told or begun_s is None else begun_s
        confidence = max(held.event.confidence, suspicion.strength)
        return replace(
            held.event, onset_s=onset_s, seen_s=at_s, confidence=confidence, box=suspicion.box
        )

    def _is_ripe(self, held: _Held, at_s: float) -> bool:
        return (
            not held.told
            and held.looks >= self.LEAST_LOOKS
            and at_s - held.event.onset_s >= self.rule.after_s
            and held.event.confidence >= self.rule.least_confidence
            and not self._is_known(held.event.box)
        )

    def _is_known(self, box: Box) -> bool:
        """The same place has been told already, under another number."""
        return any(held.told and held.event.box.overlap(box) > 0.3 for held in self._held.values())

    def _let_go(self, at_s: float) -> Iterator[Event]:
        for subject, held in list(self._held.items()):
            if at_s - held.last_s > self.rule.gone_s:
                del self._held[subject]
                if held.told:
                    yield replace(held.event, over=True)

    def _event(self, suspicion: Suspicion, at_s: float) -> Event:
        kind, zone = self.rule.kind, self.zone.key
        onset_s = at_s if suspicion.since_s is None else suspicion.since_s
        return Event(
            key=f"{kind}/{zone}/{suspicion.subject}/{onset_s:.0f}",
            kind=kind,
            zone=zone,
            onset_s=onset_s,
            seen_s=at_s,
            severity=self.rule.severity,
            confidence=suspicion.strength,
            box=suspicion.box,
            at_m=suspicion.at_m,
        )
