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

RECENT = 50  # turns of a talk among which those of unheard answers are looked for
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


# At once, so that no other answer takes the same out with it.
_TAKE_OUT = """
UPDATE assistant_inboundevent SET delivered_at = %s
WHERE identity_id = %s AND answered_at IS NOT NULL AND delivered_at IS NULL
RETURNING *
"""


def undelivered(*, identity: int) -> list[Output]:
    """What was said while the channel could not be written to, to be said with the next answer:
    late answers, and what staff wrote. What is handed out counts as delivered."""
    taken_out = InboundEvent.objects.raw(_TAKE_OUT, [clock.now(), identity])
    events = sorted(taken_out, key=lambda event: event.pk)
    late = [Output.from_json(one) for event in events for one in event.outputs]
    return [*_by_staff(events), *late]


def _by_staff(events: Sequence[InboundEvent]) -> list[Output]:
    """What the city said of its own accord since the citizen's last message but these."""
    these = {event.pk for event in events}
    talk = next((event.conversation_id for event in events if event.conversation_id), None)
    said: list[Output] = []
    reached = False
    for turn in Turn.objects.filter(conversation=talk).order_by("-number")[:RECENT]:
        if turn.event_id in these:
            said, reached = [], True
        elif reached and (turn.event_id is not None or turn.side == Turn.Side.CITIZEN):
            break
        elif reached:
            said.insert(0, Output.from_json(turn.output) if turn.output else Output(text=turn.text))
    return said
