"""How to tell a person: where they can be reached, what was told, and what became of it."""

from apps.notify.models.outbox import (
    Budget,
    Chunk,
    ChunkQuerySet,
    Failure,
    InboxItem,
    Receipt,
    Telling,
    content_in,
)
from apps.notify.models.registrations import Reach, Registration, SavedPlace, digest

__all__ = [
    "Budget", "Chunk", "ChunkQuerySet", "Failure", "InboxItem", "Reach", "Receipt",
    "Registration", "SavedPlace", "Telling", "content_in", "digest",
]  # fmt: skip
