"""A hazard's messages form a chain: an alert, its updates, and an end. Who follows whom, and what a
message must refer to.

Alert → Update* → (AllClear | Cancel). A Cancel takes back a mistake; an all-clear is an Update that
says the hazard is past. Both end the chain: nothing refers to it any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from apps.alerts.core.cap import Reference


class Step(Enum):
    ALERT = "alert"
    UPDATE = "update"
    ALL_CLEAR = "all_clear"
    CANCEL = "cancel"


MESSAGE_TYPE = {
    Step.ALERT: "Alert",
    Step.UPDATE: "Update",
    Step.ALL_CLEAR: "Update",
    Step.CANCEL: "Cancel",
}
ENDS = frozenset({Step.ALL_CLEAR, Step.CANCEL})


class WrongStep(ValueError):
    """This message cannot follow those before it."""


@dataclass(frozen=True, slots=True)
class Link:
    """One message that went out."""

    step: Step
    reference: Reference


def references_for(step: Step, chain: Sequence[Link]) -> tuple[Reference, ...]:
    """What the next message must name: every earlier one of the chain. Raises WrongStep."""
    if step is Step.ALERT:
        if chain:
            raise WrongStep("The first message was sent already: send an update.")
        return ()
    if not chain:
        raise WrongStep("There is no message yet to refer to.")
    if chain[-1].step in ENDS:
        raise WrongStep("This alert has ended: nothing can follow.")
    return tuple(link.reference for link in chain)
