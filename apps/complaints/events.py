"""What complaints announce, after the commit. Receivers only wake: facts are asked for."""

from functools import partial

from django.db import transaction
from django.dispatch import Signal

request_changed = Signal()  # code, state
# Work: what must happen after a report came in, or after staff put enough right.
SETTLE = "complaints.settle"
LEARN = "complaints.learn"
TRAIN = "complaints.train"
FETCH = "complaints.fetch_photo"


def on_commit(signal: Signal, **facts: object) -> None:
    """Send once the running transaction has committed; one receiver's error stops no other."""
    transaction.on_commit(partial(signal.send_robust, sender=None, **facts))
