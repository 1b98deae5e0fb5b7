"""What an adapter makes of an answer, and the register of adapters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.base.registry import Registry
from devices.events import Announced
from devices.services.provisioning import ThingPlan


@dataclass(frozen=True, slots=True)
class BadItem:
    """An item of the answer that made no sense; the others stand."""

    item: str
    reason: str

    def as_dict(self) -> dict[str, str]:
        return {"item": self.item, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Pulled:
    """`observations` in the words of the JSON door; `following` is where the next page is."""

    things: tuple[ThingPlan, ...] = ()
    announced: tuple[Announced, ...] = ()
    observations: tuple[Mapping[str, Any], ...] = ()
    bad: tuple[BadItem, ...] = ()
    following: str = ""


class NotUnderstood(ValueError):
    """The answer as a whole is not what this adapter reads; the message says why."""


Adapter = Callable[[bytes, datetime], Pulled]

adapters: Registry[Adapter] = Registry("adapter of pull sources")
"""Kind → dotted path of an `Adapter`."""
