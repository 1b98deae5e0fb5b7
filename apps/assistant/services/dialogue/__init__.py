"""What to say to one message: the same rules whichever engine understood it."""

from apps.assistant.services.dialogue.answering import answer, warn
from apps.assistant.services.dialogue.talk import Talk

__all__ = ["Talk", "answer", "warn"]
