"""A person of the city takes a conversation over, writes in it, and gives it back."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.assistant.channels.registry import tell_channel
from apps.assistant.core.messages import MAX_TEXT, Output
from apps.assistant.models import Conversation, Handover, Turn
from apps.assistant.services.dialogue import sayings
from apps.base import audit, clock
from apps.base.problems import Conflict, Invalid
from apps.complaints.core.identifiers import mask_identifiers

State = Conversation.State


class NotYours(Conflict):
    slug = "conversation-not-taken"
    title = _("Take the conversation over first.")


class TakenAlready(Conflict):
    slug = "conversation-taken"
    title = _("Somebody else has taken this conversation.")


@transaction.atomic
def take_over(*, conversation: str, user: User) -> Conversation:
    """Give the conversation to a member of staff; the citizen is told. Raises TakenAlready."""
    row = _locked(conversation)
    handover = row.handovers.filter(ended_at=None).select_for_update().first()
    if handover is None:
        handover = Handover.objects.create(conversation=row, reason="staff", asked_at=clock.now())
    if handover.taken_by_id not in (None, user.pk):
        raise TakenAlready
    if handover.taken_at is None:
        handover.taken_by, handover.taken_at = user, clock.now()
        handover.save(update_fields=["taken_by", "taken_at"])
        row.state = State.STAFF
        with translation.override(row.language):
            _say(row, [sayings.person_is_here()], Turn.Side.ASSISTANT, actor="")
        _note("taken", row, user)
    return row


@transaction.atomic
def say_as_staff(*, conversation: str, user: User, text: str) -> Turn:
    """Write to the citizen, by whatever channel they are on. Raises NotYours, Invalid."""
    row = _locked(conversation)
    _check_taken(row, user)
    words = text.strip()
    if not 1 <= len(words) <= MAX_TEXT:
        raise Invalid(errors={"text": _("Write 1 to 1,000 letters.")})
    [turn] = _say(row, [Output(text=words)], Turn.Side.STAFF, actor=user.get_username())
    return turn


@transaction.atomic
def give_back(*, conversation: str, user: User) -> Conversation:
    """Let the assistant go on, from the beginning. Raises NotYours."""
    row = _locked(conversation)
    _check_taken(row, user)
    row.handovers.filter(ended_at=None).update(ended_at=clock.now(), ended_because="given back")
    row.state, row.skill, row.slots, row.notes = State.ASSISTANT, "", {}, {}
    row.asked, row.paused, row.misses = "", [], 0
    with translation.override(row.language):
        farewell = Output(text=str(_("You are with the assistant again. What can I do for you?")))
        _say(row, [farewell], Turn.Side.ASSISTANT, actor="")
    _note("given back", row, user)
    return row


def _locked(code: str) -> Conversation:
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("identity")
    return rows.open().get(code=code)


def _check_taken(row: Conversation, user: User) -> None:
    taken = row.handovers.filter(ended_at=None, taken_by=user).exists()
    if row.state != State.STAFF or not taken:
        raise NotYours


def _say(row: Conversation, outputs: list[Output], side: str, actor: str) -> list[Turn]:
    """Turns of the city's own accord, on their way by the conversation's channel."""
    now = clock.now()
    turns = [_turn(row, i, one, side, actor, now) for i, one in enumerate(outputs, start=1)]
    Turn.objects.bulk_create(turns)
    row.turns_count += len(turns)
    row.keep()
    tell_channel(row, turns)
    return turns


def _turn(row: Conversation, i: int, output: Output, side: str, actor: str, now: datetime) -> Turn:
    return Turn(
        conversation=row, number=row.turns_count + i, side=side,
        text=mask_identifiers(output.text), output=output.as_json(), actor=actor, at=now,
    )  # fmt: skip


def _note(action: str, row: Conversation, user: User) -> None:
    audit.record(
        actor=user.get_username(), action=f"assistant.{action}", subject=f"conversation:{row.code}"
    )
