"""The one place where a move is written down."""

from apps.base import clock
from apps.complaints.core.states import written
from apps.complaints.models import ServiceRequest, StatusChange


def note_move(
    request: ServiceRequest,
    before: str,
    after: str,
    *,
    actor: str,
    reason: str = "",
    public_note: str = "",
    media_url: str = "",
) -> StatusChange:
    return StatusChange.objects.create(
        request=request, move=written(before, after), state=after, at=clock.now(), actor=actor,
        reason=reason, public_note=public_note, media_url=media_url,
    )  # fmt: skip
