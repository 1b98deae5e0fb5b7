"""What became of one recipient of one message, whatever carried it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum


class Verdict(Enum):
    ACCEPTED = "accepted"
    REFUSED = "refused"  # this transport will never reach them
    GONE = "gone"  # the address is dead: its registration ends
    LATER = "later"  # try again after a while
    STOP = "stop"  # the message itself is refused: none of it is sent any more


@dataclass(frozen=True, slots=True)
class Outcome:
    """`after` holds up this recipient, `pause` the whole transport; `alarm` pages staff."""

    verdict: Verdict
    reason: str = ""
    after: timedelta = timedelta()
    pause: timedelta = timedelta()
    alarm: bool = False


ACCEPTED = Outcome(Verdict.ACCEPTED)
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=10)


def later(reason: str, *, attempt: int, jitter: float, asked: timedelta | None = None) -> Outcome:
    """Wait as long as asked, else ten seconds doubled with each attempt, spread by `jitter`
    (0 to 1) over half as long again."""
    wait = asked or min(FIRST_WAIT * 2 ** min(attempt, 6), LONGEST_WAIT)
    return Outcome(Verdict.LATER, reason, after=wait * (1 + jitter / 2))
