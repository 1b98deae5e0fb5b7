"""The life of a booking, of a shift and of a stop, each as one table."""

from enum import StrEnum


class State(StrEnum):
    """Of a booking."""

    CONFIRMED = "confirmed"
    SEEKING = "seeking"
    APPROACHING = "approaching"
    ARRIVED = "arrived"
    ONBOARD = "onboard"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED_BY_RIDER = "cancelled_by_rider"
    CANCELLED_BY_OPERATOR = "cancelled_by_operator"


class Move(StrEnum):
    SET_OFF = "set_off"
    TURN_AWAY = "turn_away"
    ARRIVE = "arrive"
    BOARD = "board"
    ALIGHT = "alight"
    MISS = "miss"
    STRAND = "strand"
    REPLAN = "replan"
    CANCEL = "cancel"
    CALL_OFF = "call_off"


WAITING = (State.CONFIRMED, State.SEEKING, State.APPROACHING, State.ARRIVED)
OPEN = (*WAITING, State.ONBOARD)
PLANNED = (State.CONFIRMED, State.APPROACHING, State.ARRIVED, State.ONBOARD)

MOVES: dict[tuple[State, Move], State] = {
    (State.CONFIRMED, Move.SET_OFF): State.APPROACHING,
    # The driver's next stop is another one now: the plan changed before the van had set off.
    (State.APPROACHING, Move.TURN_AWAY): State.CONFIRMED,
    # Drivers report late, or from where there is no network: a step in between may be missing.
    (State.CONFIRMED, Move.ARRIVE): State.ARRIVED,
    (State.APPROACHING, Move.ARRIVE): State.ARRIVED,
    (State.CONFIRMED, Move.BOARD): State.ONBOARD,
    (State.APPROACHING, Move.BOARD): State.ONBOARD,
    (State.ARRIVED, Move.BOARD): State.ONBOARD,
    (State.ARRIVED, Move.MISS): State.NO_SHOW,
    (State.ONBOARD, Move.ALIGHT): State.COMPLETED,
    # The van broke down, with the party aboard or before it came.
    (State.CONFIRMED, Move.STRAND): State.SEEKING,
    (State.APPROACHING, Move.STRAND): State.SEEKING,
    (State.ARRIVED, Move.STRAND): State.SEEKING,
    (State.ONBOARD, Move.STRAND): State.SEEKING,
    (State.SEEKING, Move.REPLAN): State.CONFIRMED,
    (State.CONFIRMED, Move.CANCEL): State.CANCELLED_BY_RIDER,
    (State.SEEKING, Move.CANCEL): State.CANCELLED_BY_RIDER,
    (State.APPROACHING, Move.CANCEL): State.CANCELLED_BY_RIDER,
    (State.ARRIVED, Move.CANCEL): State.CANCELLED_BY_RIDER,
    (State.CONFIRMED, Move.CALL_OFF): State.CANCELLED_BY_OPERATOR,
    (State.SEEKING, Move.CALL_OFF): State.CANCELLED_BY_OPERATOR,
    (State.APPROACHING, Move.CALL_OFF): State.CANCELLED_BY_OPERATOR,
    (State.ARRIVED, Move.CALL_OFF): State.CANCELLED_BY_OPERATOR,
}


def moved(state: State, move: Move) -> State | None:
    """Where the move leads from here; None if there is no such way."""
    return MOVES.get((state, move))


class Duty(StrEnum):
    """Of a shift."""

    PLANNED = "planned"
    ACTIVE = "active"
    PAUSED = "paused"
    BROKEN = "broken"
    ENDED = "ended"
    CANCELLED = "cancelled"


RUNNING = (Duty.ACTIVE, Duty.PAUSED)
DRIVABLE = (Duty.PLANNED, *RUNNING)

DUTIES: dict[Duty, frozenset[Duty]] = {
    Duty.PLANNED: frozenset({Duty.ACTIVE, Duty.CANCELLED, Duty.BROKEN}),
    Duty.ACTIVE: frozenset({Duty.PAUSED, Duty.ENDED, Duty.BROKEN}),
    Duty.PAUSED: frozenset({Duty.ACTIVE, Duty.ENDED, Duty.BROKEN}),
    # Repaired within the shift.
    Duty.BROKEN: frozenset({Duty.ACTIVE, Duty.ENDED}),
    Duty.ENDED: frozenset(),
    Duty.CANCELLED: frozenset(),
}
