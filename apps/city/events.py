"""What the city announces, after the commit. Receivers only wake: facts are pulled by version."""

from functools import partial

from django.db import transaction
from django.dispatch import Signal

obstruction_changed = Signal()  # code
map_changed = Signal()


def on_commit(signal: Signal, **facts: object) -> None:
    """Send once the running transaction has committed; one receiver's error stops no other."""
    transaction.on_commit(partial(signal.send_robust, sender=None, **facts))
