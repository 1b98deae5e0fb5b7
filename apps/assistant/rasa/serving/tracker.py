"""Rasa's tracker as ours is used: short, cheap to copy, and aware of what is not saved yet.

Rasa goes through a tracker's events again for every copy and every prediction. What a talk is about
stands in our rows and the rules look back to the latest message alone, so that a few turns of
events are enough; all of them are kept by the city.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

REMEMBERED = 24  # events: two turns or more


class ShortTracker(DialogueStateTracker):
    """`saved` counts the events that the city has; `unsaved` are those since. Slots are replaced,
    never changed, so that copies can share them."""

    slots: dict[str, Slot]

    def __init__(self, sender_id: str, slots: Iterable[Slot]) -> None:
        super().__init__(sender_id, slots, max_event_history=REMEMBERED)
        self.saved = 0
        self.unsaved: deque[Event] = deque()

    def update(self, event: Event, domain: Domain | None = None) -> None:
        super().update(event, domain)
        self.unsaved.append(event)

    def mark_saved(self) -> None:
        self.saved += len(self.unsaved)
        self.unsaved.clear()

    def copy(self) -> "ShortTracker":
        """A twin with the same state, without living through it all again."""
        twin = copy(self)
        twin.events, twin.unsaved = self.events.copy(), self.unsaved.copy()
        twin.slots, twin.active_loop = self.slots.copy(), copy(self.active_loop)
        return twin

    def generate_all_prior_trackers(self) -> Iterator[tuple[DialogueStateTracker, bool]]:
        """What the policies look at; no rule looks at slots."""
        past = DialogueStateTracker(self.sender_id, slots=None)
        for event in self.applied_events():
            if isinstance(event, ActionExecuted):
                yield past, event.hide_rule_turn
            past.update(event)
        yield past, False

    def _set_slot(self, key: str, value: Any) -> None:
        self.slots[key] = copy(self.slots[key])
        super()._set_slot(key, value)

    def _reset_slots(self) -> None:
        self.slots = {name: copy(slot) for name, slot in self.slots.items()}
        super()._reset_slots()
