"""Who wants a person of the city stands in a queue until somebody takes the conversation over."""

from django.db import IntegrityError, transaction

from apps.assistant.events import on_commit, staff_wanted
from apps.assistant.models import Conversation, Handover
from apps.base import clock


def ask_for_staff(*, conversation: Conversation, reason: str) -> None:
    """Put the conversation into the staff's queue; asking again changes nothing.

    The caller has locked the conversation, and saves it.
    """
    if conversation.is_with_staff:
        return
    try:
        with transaction.atomic():
            Handover.objects.create(
                conversation=conversation, reason=reason[:40], asked_at=clock.now()
            )
    except IntegrityError:  # it stands in the queue
        return
    conversation.state = Conversation.State.WAITING_FOR_STAFF
    on_commit(staff_wanted, conversation=str(conversation.code))


def leave_staff(*, conversation: Conversation) -> None:
    """The citizen goes back to the assistant. The caller has locked the conversation."""
    conversation.handovers.filter(ended_at=None).update(
        ended_at=clock.now(), ended_because="citizen"
    )
    conversation.state = Conversation.State.ASSISTANT
