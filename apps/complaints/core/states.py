"""The life of a request: one table of who may move it where, and what they must say.

Open311 knows `open` and `closed` only; `OPEN` says which is which.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    RECEIVED = "received"
    NEEDS_LOCATION = "needs_location"
    WAITING_CITIZEN = "waiting_citizen"
    TRIAGED = "triaged"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    SCHEDULED = "scheduled"
    TRANSFERRED_EXTERNAL = "transferred_external"
    REJECTION_PROPOSED = "rejection_proposed"
    RESOLVED = "resolved"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    ANONYMISED = "anonymised"


class Who(StrEnum):
    CITIZEN = "citizen"
    STAFF = "staff"
    SECOND_STAFF = "second_staff"
    """A member of staff other than the one who proposed."""
    SYSTEM = "system"


class Needs(StrEnum):
    PUBLIC_NOTE = "public_note"
    REASON = "reason"
    LOCATION = "location"
    ORIGINAL = "original"
    """The request that this one repeats."""


CLOSED = frozenset(
    {State.RESOLVED, State.REJECTED, State.DUPLICATE, State.WITHDRAWN, State.ANONYMISED}
)
OPEN = frozenset(State) - CLOSED
# The clock stands still while the next step is the citizen's.
PAUSED = frozenset({State.NEEDS_LOCATION, State.WAITING_CITIZEN})
IN_HAND = frozenset(
    {State.TRIAGED, State.ASSIGNED, State.IN_PROGRESS, State.SCHEDULED, State.TRANSFERRED_EXTERNAL}
)


@dataclass(frozen=True, slots=True)
class Move:
    """Who may make a move, and what must come with it."""

    who: frozenset[Who]
    needs: frozenset[Needs] = frozenset()


class MoveRefused(ValueError):
    """The table has no such move, or not for this actor; `missing` names what was left out."""

    def __init__(self, message: str, missing: Iterable[Needs] = ()) -> None:
        super().__init__(message)
        self.missing = tuple(missing)


_STAFF = Move(frozenset({Who.STAFF, Who.SYSTEM}))
_ASK = Move(frozenset({Who.STAFF}), frozenset({Needs.PUBLIC_NOTE}))
_ANSWERED = Move(frozenset({Who.CITIZEN, Who.STAFF, Who.SYSTEM}))
_LOCATED = Move(frozenset({Who.CITIZEN, Who.STAFF}), frozenset({Needs.LOCATION}))
_DONE = Move(frozenset({Who.STAFF}), frozenset({Needs.PUBLIC_NOTE}))
_PROPOSE = Move(frozenset({Who.STAFF}), frozenset({Needs.REASON, Needs.PUBLIC_NOTE}))
_CONFIRM = Move(frozenset({Who.SECOND_STAFF}))
_SAME = Move(frozenset({Who.CITIZEN, Who.STAFF, Who.SYSTEM}), frozenset({Needs.ORIGINAL}))
_WITHDRAW = Move(frozenset({Who.CITIZEN}))
_REOPEN = Move(frozenset({Who.CITIZEN, Who.STAFF}), frozenset({Needs.REASON}))
_FORGET = Move(frozenset({Who.SYSTEM}))
_SPLIT = Move(frozenset({Who.CITIZEN, Who.STAFF}))

_WORKING = (State.RECEIVED, State.TRIAGED, State.ASSIGNED, State.IN_PROGRESS, State.SCHEDULED,
            State.TRANSFERRED_EXTERNAL, State.REOPENED)  # fmt: skip

MOVES: dict[tuple[State, State], Move] = {
    (State.RECEIVED, State.TRIAGED): _STAFF,
    (State.RECEIVED, State.ASSIGNED): _STAFF,
    (State.RECEIVED, State.IN_PROGRESS): _STAFF,
    (State.NEEDS_LOCATION, State.RECEIVED): _LOCATED,
    (State.WAITING_CITIZEN, State.TRIAGED): _ANSWERED,
    (State.TRIAGED, State.ASSIGNED): _STAFF,
    (State.TRIAGED, State.IN_PROGRESS): _STAFF,
    # Another department, or another person.
    (State.ASSIGNED, State.ASSIGNED): _STAFF,
    (State.ASSIGNED, State.IN_PROGRESS): _STAFF,
    (State.IN_PROGRESS, State.ASSIGNED): _STAFF,
    (State.ASSIGNED, State.SCHEDULED): _ASK,
    (State.IN_PROGRESS, State.SCHEDULED): _ASK,
    (State.SCHEDULED, State.IN_PROGRESS): _STAFF,
    (State.TRANSFERRED_EXTERNAL, State.ASSIGNED): _STAFF,
    (State.REOPENED, State.TRIAGED): _STAFF,
    (State.REOPENED, State.ASSIGNED): _STAFF,
    (State.REOPENED, State.IN_PROGRESS): _STAFF,
    (State.REJECTION_PROPOSED, State.REJECTED): _CONFIRM,
    (State.REJECTION_PROPOSED, State.ASSIGNED): _STAFF,
    (State.RESOLVED, State.REOPENED): _REOPEN,
    (State.REJECTED, State.REOPENED): _REOPEN,
    # A merge taken back.
    (State.DUPLICATE, State.RECEIVED): _SPLIT,
    **{(at, State.NEEDS_LOCATION): _ASK for at in _WORKING},
    **{(at, State.WAITING_CITIZEN): _ASK for at in _WORKING},
    **{(at, State.TRANSFERRED_EXTERNAL): _ASK for at in _WORKING
       if at is not State.TRANSFERRED_EXTERNAL},
    **{(at, State.RESOLVED): _DONE for at in (*_WORKING, State.WAITING_CITIZEN)},
    **{(at, State.REJECTION_PROPOSED): _PROPOSE for at in (*_WORKING, State.WAITING_CITIZEN)},
    **{(at, State.DUPLICATE): _SAME for at in (*_WORKING, *sorted(PAUSED))},
    **{(at, State.WITHDRAWN): _WITHDRAW for at in sorted(OPEN)},
    **{(at, State.ANONYMISED): _FORGET for at in sorted(CLOSED - {State.ANONYMISED})},
}  # fmt: skip


def written(before: str, after: str) -> str:
    """A move as the history writes it."""
    return f"{before}>{after}"


ALLOWED = sorted([written("", State.RECEIVED), *(written(a, b) for a, b in MOVES)])


def check_move(before: State, after: State, *, who: Who, given: Iterable[Needs]) -> None:
    """Raises MoveRefused."""
    move = MOVES.get((before, after))
    if move is None:
        raise MoveRefused(f"{before} does not lead to {after}")
    if who not in move.who:
        raise MoveRefused(f"{who} may not move {before} to {after}")
    if missing := move.needs - frozenset(given):
        raise MoveRefused(f"{before} to {after} needs {', '.join(sorted(missing))}", missing)


def ways_from(state: State, *, who: Who) -> list[State]:
    """Where `who` may move a request that is in `state`, in the order of the states."""
    return [
        after
        for after in State
        if (move := MOVES.get((state, after))) is not None and who in move.who
    ]
