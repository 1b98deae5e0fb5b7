"""What understands words, by name. The first that answers in time is the one that answered."""

from typing import Protocol

from apps.assistant.models import InboundEvent
from apps.base.registry import Registry


class Engine(Protocol):
    def answer(self, event: InboundEvent, text: str) -> bool:
        """Have the message settled. Returns whether it was, within this engine's deadline."""
        ...


engines: Registry[Engine] = Registry("conversation engine")
