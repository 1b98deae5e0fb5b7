"""What staff see of the outbox."""

from apps.notify.admin import outbox

__all__ = ["outbox"]
