"""Staff in a conversation: they take it over, write in it, and give it back to the assistant."""

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.assistant.core.messages import Output
from apps.assistant.events import on_commit, staff_spoke
from apps.assistant.models import Conversation, Handover, Turn
from apps.assistant.services.dialogue import sayings
from apps.base import audit, clock
from apps.base.problems import Conflict, Invalid
from apps.complaints.core.identifiers import mask_identifiers

LONGEST = 1000
State = Conversation.State


@transaction.atomic
def take_over(*, conversation: Conversation, user: User) -> Conversation:
    """From now on a person answers. Raises Conflict where another one has it, or it is over."""
    row = _locked(conversation)
    if row.state == State.STAFF and not _holds(row, user):
        raise Conflict(_("A colleague has taken this conversation."))
    if row.state == State.STAFF:
        return row
    open_one = Handover.objects.filter(conversation=row, ended_at=None).first()
    handover = open_one or Handover(conversation=row, reason="staff", asked_at=clock.now())
    handover.taken_by, handover.taken_at = user, clock.now()
    handover.save()
    row.state = State.STAFF
    row.save(update_fields=["state"])
    _record(row, user, "taken_over")
    with translation.override(row.language):
        _say(row, sayings.person_is_here().text, user)
    return row


@transaction.atomic
def write_as_staff(*, conversation: Conversation, text: str, user: User) -> Turn:
    """Answer the citizen. Raises Invalid, and Conflict for who has not taken it over."""
    if not text.strip() or len(text) > LONGEST:
        raise Invalid(errors={"text": _("Between one and 1,000 letters.")})
    row = _locked(conversation)
    if row.state != State.STAFF or not _holds(row, user):
        raise Conflict(_("Take the conversation over first."))
    return _say(row, text.strip(), user)


@transaction.atomic
def give_back(*, conversation: Conversation, user: User) -> Conversation:
    """The assistant goes on. Twice is once."""
    row = _locked(conversation)
    if row.state == State.ASSISTANT:
        return row
    Handover.objects.filter(conversation=row, ended_at=None).update(
        ended_at=clock.now(), ended_because="given_back"
    )
    with translation.override(row.language):
        _say(row, _t("You are with the assistant again. What else can I do for you?"), user)
    row.state = State.ASSISTANT
    row.save(update_fields=["state"])
    _record(row, user, "given_back")
    return row


def _locked(conversation: Conversation) -> Conversation:
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("identity")
    row = rows.get(pk=conversation.pk)
    if row.ended_at is not None:
        raise Conflict(_("This conversation is over."))
    return row


def _holds(row: Conversation, user: User) -> bool:
    return Handover.objects.filter(conversation=row, ended_at=None, taken_by=user).exists()


def _say(row: Conversation, text: str, user: User) -> Turn:
    """One turn of the city's; it goes out once this is committed."""
    output = Output(text=text, spoken=text)
    turn = Turn.objects.create(
        conversation=row, number=row.turns_count + 1, side=Turn.Side.STAFF,
        text=mask_identifiers(text), output=output.as_json(), engine="staff", actor=str(user),
        at=clock.now(),
    )  # fmt: skip
    row.turns_count += 1
    row.save(update_fields=["turns_count"])
    Conversation.objects.filter(pk=row.pk).update(**Conversation.touched())
    on_commit(staff_spoke, conversation=str(row.code), turn=turn.pk)
    return turn


def _record(row: Conversation, user: User, what: str) -> None:
    audit.record(
        actor=str(user), action=f"assistant.{what}", subject=f"conversation:{row.code}", detail={}
    )
