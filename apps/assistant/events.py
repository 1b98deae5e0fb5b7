"""What the assistant announces, after the commit."""

from functools import partial

from django.db import transaction
from django.dispatch import Signal

# conversation (its code), text (masked), language: nothing we can do or know fits
not_understood = Signal()
# conversation: somebody wants a person, or has got one
staff_wanted = Signal()

# Work: messages that must be answered, and answers that must go out
ANSWER = "assistant.answer"
SEND = "assistant.send"


def on_commit(signal: Signal, **facts: object) -> None:
    """Send once the running transaction has committed; one receiver's error stops no other."""
    transaction.on_commit(partial(signal.send_robust, sender=None, **facts))
