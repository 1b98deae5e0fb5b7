"""What to tell a walker, when, and in which senses.

Every event is announced before it is reached (prepare, then act) and every cue speaks to at least
two senses. Distances
are rounded to 5 m, because position is no better. Kerbs, steps and crossings are announced at
least 10 m ahead.
Distances of announcement started from those of open callout apps and are widened by the walker's
speed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from apps.accounts.core.mobility import MobilityProfile
from apps.navigation.core.course import Course, Event
from apps.navigation.core.sentences import Message, gettext_noop

PREPARE_M, PREPARE_S = 25.0, 12.0
ACT_M, ACT_S = 8.0, 4.0
HAZARD_M = 10.0
_HAZARDS = ("kerb", "steps", "crossing", "road", "escalator")

Stage = Literal["prepare", "act"]


@dataclass(frozen=True, slots=True)
class Cue:
    """One announcement. `bearing_deg` is relative to the walking direction, right positive."""

    id: str
    event: int
    stage: Stage
    at_m: float
    say: Message
    haptic: str
    earcon: str
    bearing_deg: float
    senses: tuple[str, ...]
    priority: int


_TURN_WORDS: Mapping[str, str] = {
    "slight_left": gettext_noop("bear left"),
    "left": gettext_noop("turn left"),
    "sharp_left": gettext_noop("turn sharp left"),
    "slight_right": gettext_noop("bear right"),
    "right": gettext_noop("turn right"),
    "sharp_right": gettext_noop("turn sharp right"),
    "u_turn": gettext_noop("turn around"),
    "straight": gettext_noop("go straight on"),
}
_IN_METRES = gettext_noop("In %(metres)d metres: %(what)s")
_TURN_INTO = gettext_noop("%(turn)s into %(name)s")
_DEPART = gettext_noop("head %(direction)s")
_DEPART_ALONG = gettext_noop("head %(direction)s along %(name)s")
_DIRECTIONS = (
    gettext_noop("north"),
    gettext_noop("north-east"),
    gettext_noop("east"),
    gettext_noop("south-east"),
    gettext_noop("south"),
    gettext_noop("south-west"),
    gettext_noop("west"),
    gettext_noop("north-west"),
)
_PLAIN: Mapping[str, str] = {
    "arrive": gettext_noop("you have arrived"),
    "via": gettext_noop("stop on your way reached"),
    "escalator": gettext_noop("escalator"),
    "door": gettext_noop("door"),
    "road": gettext_noop("onto or off the road here, kerb unknown"),
    "narrow": gettext_noop("narrow passage"),
}
_BARRIER = gettext_noop("barrier: pass with care")
_KERB_UP = gettext_noop("kerb up, %(kind)s")
_KERB_DOWN = gettext_noop("kerb down, %(kind)s")
_KERB = gettext_noop("kerb, %(kind)s")
_KERB_KINDS: Mapping[str, str] = {
    "flush": gettext_noop("flush"),
    "lowered": gettext_noop("lowered"),
    "rolled": gettext_noop("rolled"),
    "raised": gettext_noop("raised"),
    "unknown": gettext_noop("height unknown"),
    "none": gettext_noop("flush"),
}
_CROSSING_SIGNAL_SOUND = gettext_noop("crossing with lights that sound")
_CROSSING_SIGNAL = gettext_noop("crossing with lights")
_CROSSING = gettext_noop("crossing without lights")
_STEPS_UP_N = gettext_noop("%(count)d steps up")
_STEPS_DOWN_N = gettext_noop("%(count)d steps down")
_STEPS_N = gettext_noop("%(count)d steps")
_STEP_UP = gettext_noop("one step up")
_STEP_DOWN = gettext_noop("one step down")
_STEP = gettext_noop("one step")
_STEPS = gettext_noop("steps")
_LIFT = gettext_noop("take the lift")
_LIFT_TO = gettext_noop("take the lift to level %(level)s")


def phrase(event: Event) -> Message:
    """What an event is called when it is told."""
    if event.kind == "turn":
        turn = Message(_TURN_WORDS[event.manoeuvre])
        return Message(_TURN_INTO, {"turn": turn, "name": event.name}) if event.name else turn
    if event.kind == "depart":
        return _departure(event)
    if event.kind == "crossing":
        if not event.has_signal:
            return Message(_CROSSING)
        return Message(_CROSSING_SIGNAL_SOUND if event.has_sound else _CROSSING_SIGNAL)
    if event.kind == "kerb":
        text = _KERB if event.climbs is None else _KERB_UP if event.climbs else _KERB_DOWN
        return Message(text, {"kind": Message(_KERB_KINDS[event.kerb])})
    if event.kind == "steps":
        return _steps(event)
    if event.kind == "lift":
        if event.level_to is None:
            return Message(_LIFT)
        return Message(_LIFT_TO, {"level": f"{event.level_to:g}"})
    return Message(_PLAIN.get(event.kind, _BARRIER))


def _departure(event: Event) -> Message:
    direction = Message(_DIRECTIONS[round(event.heading_deg / 45.0) % 8])
    if event.name:
        return Message(_DEPART_ALONG, {"direction": direction, "name": event.name})
    return Message(_DEPART, {"direction": direction})


def _steps(event: Event) -> Message:
    if event.steps_n is None:
        return Message(_STEPS)
    if event.steps_n == 1:
        one = _STEP if event.climbs is None else _STEP_UP if event.climbs else _STEP_DOWN
        return Message(one)
    text = _STEPS_N if event.climbs is None else _STEPS_UP_N if event.climbs else _STEPS_DOWN_N
    return Message(text, {"count": event.steps_n})


def cues_of(course: Course, person: MobilityProfile) -> Iterator[Cue]:
    """All cues of a course in walking order."""
    found = [cue for number in range(len(course.events)) for cue in _cues(course, number, person)]
    return iter(sorted(found, key=lambda cue: (cue.at_m, -cue.priority)))


def _cues(course: Course, number: int, person: MobilityProfile) -> Iterator[Cue]:
    event = course.events[number]
    if event.kind == "depart":
        yield _cue(event, number, "act", 0.0, person)
        return
    prepare_m = max(PREPARE_M, PREPARE_S * person.speed_mps)
    act_m = max(ACT_M, ACT_S * person.speed_mps)
    if event.kind in _HAZARDS:
        act_m = max(act_m, HAZARD_M)
    if event.at_m > prepare_m - 5.0 and event.kind not in ("arrive", "via", "narrow"):
        yield _cue(event, number, "prepare", max(event.at_m - prepare_m, 0.0), person)
    yield _cue(event, number, "act", max(event.at_m - act_m, 0.0), person)


def _cue(event: Event, number: int, stage: Stage, at_m: float, person: MobilityProfile) -> Cue:
    metres = round((event.at_m - at_m) / 5.0) * 5
    what = phrase(event)
    say = what if metres < 5 else Message(_IN_METRES, {"metres": metres, "what": what})
    return Cue(
        id=f"c{number}{stage[0]}",
        event=number,
        stage=stage,
        at_m=at_m,
        say=say,
        haptic=_haptic(event),
        earcon=_earcon(event),
        bearing_deg=event.turn_deg,
        senses=senses_of(person),
        priority=2 if event.kind in _HAZARDS else 1,
    )


def senses_of(person: MobilityProfile) -> tuple[str, ...]:
    """The two or three senses a cue speaks to; never one alone, never only one the person lacks."""
    if person.base == "deaf":
        return ("text", "haptic")
    if person.base in ("blind_cane", "low_vision"):
        return ("speech", "haptic", "earcon")
    return ("text", "speech", "haptic")


def _haptic(event: Event) -> str:
    if event.kind in _HAZARDS:
        return "warn3"
    if event.kind == "turn" and event.turn_deg:
        return "left2" if event.turn_deg < 0 else "right2"
    return "tick1"


def _earcon(event: Event) -> str:
    if event.kind in _HAZARDS:
        return "caution"
    return "turn" if event.kind == "turn" else "arrive" if event.kind == "arrive" else "note"
