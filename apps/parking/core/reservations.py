"""The life of a reservation as one table, and what giving it up costs. Pure rules of one row."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    HELD = "held"
    CONFIRMED = "confirmed"
    ACTIVE = "active"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Move(StrEnum):
    CONFIRM = "confirm"
    START = "start"
    END = "end"
    MISS = "miss"
    CANCEL = "cancel"
    EXPIRE = "expire"


# Only these keep others out of the space; the exclusion constraint says the same.
BLOCKING = (State.HELD, State.CONFIRMED, State.ACTIVE)

MOVES: dict[tuple[State, Move], State] = {
    (State.HELD, Move.CONFIRM): State.CONFIRMED,
    (State.HELD, Move.CANCEL): State.CANCELLED,
    (State.HELD, Move.EXPIRE): State.EXPIRED,
    (State.CONFIRMED, Move.START): State.ACTIVE,
    (State.CONFIRMED, Move.CANCEL): State.CANCELLED,
    (State.CONFIRMED, Move.MISS): State.NO_SHOW,
    (State.ACTIVE, Move.END): State.COMPLETED,
}


def moved(state: State, move: Move) -> State | None:
    """Where the move leads from here; None if there is no such way."""
    return MOVES.get((state, move))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What it costs to give a booking up: nothing until `cancel_free` before it begins, then a
    share of its price; another share for never coming."""

    cancel_free: timedelta
    late_fee_percent: int
    no_show_percent: int

    def __post_init__(self) -> None:
        if self.cancel_free < timedelta():
            raise ValueError("The free time before the start is not negative.")
        if not (0 <= self.late_fee_percent <= 100 and 0 <= self.no_show_percent <= 100):
            raise ValueError("A share lies between 0 and 100 percent.")

    def cancel_fee(self, price: int, *, starts_at: datetime, at: datetime) -> int:
        late = at > starts_at - self.cancel_free
        return price * self.late_fee_percent // 100 if late else 0

    def no_show_fee(self, price: int) -> int:
        return price * self.no_show_percent // 100
