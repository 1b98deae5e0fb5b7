"""Answers that go out by themselves: through notify's outbox, once, whatever dies on the way.

The outbox's recipient is the first turn of what is to be said; the transport reads it, and those of
the same answer after it, when it sends.
"""

from collections.abc import Sequence

from django.utils.translation import gettext_noop

from apps.assistant.core.messages import Output
from apps.assistant.models import Conversation, InboundEvent, Turn
from apps.base import clock
from apps.notify.services import Content, Lane, Message, tell_by

ANSWER = Message(
    contents={
        "en": Content(gettext_noop("Assistant"), gettext_noop("An answer in a conversation.")),
    },
    category="conversation",
)


def send_turns(conversation: Conversation, turns: Sequence[Turn]) -> None:
    """Put what the city said on its way by the conversation's channel."""
    first = next((turn for turn in turns if turn.side != Turn.Side.CITIZEN), None)
    if first is None:
        return
    stored = first if first.pk else conversation.turns.get(number=first.number)
    tell_by(
        transport=f"{conversation.identity.channel}_chat",
        recipient=stored.pk,
        message=ANSWER,
        lane=Lane.SERVICE,
        key=f"assistant:{conversation.code}:{stored.number}",
    )


def answer_with(first: Turn) -> list[Turn]:
    """All turns of the answer that begins with `first`."""
    if first.event_id is None:
        return [first]
    rows = Turn.objects.filter(
        conversation=first.conversation_id, event=first.event_id, side=first.side
    )
    return list(rows.order_by("number"))


def undelivered(*, identity: int) -> list[Output]:
    """What was said while the channel could not be written to, to be said with the next answer:
    late answers, and what staff wrote. What is handed out counts as delivered."""
    events = InboundEvent.objects.filter(
        identity=identity, answered_at__isnull=False, delivered_at=None
    ).order_by("pk")
    found = list(events)
    InboundEvent.objects.filter(pk__in=[event.pk for event in found]).update(
        delivered_at=clock.now()
    )
    late = [Output.from_json(one) for event in found for one in event.outputs]
    return [*_by_staff(found), *late]


def _by_staff(events: Sequence[InboundEvent]) -> list[Output]:
    """What the city said of its own accord since the citizen's last message but these."""
    first = Turn.objects.filter(event__in=events, side=Turn.Side.CITIZEN).order_by("number").first()
    if first is None:
        return []
    before = Turn.objects.filter(conversation=first.conversation_id, number__lt=first.number)
    said: list[Output] = []
    for turn in before.order_by("-number"):
        if turn.event_id is not None or turn.side == Turn.Side.CITIZEN:
            break
        said.insert(0, Output.from_json(turn.output) if turn.output else Output(text=turn.text))
    return said
