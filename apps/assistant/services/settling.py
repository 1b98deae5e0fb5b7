"""The answer to one message: decided, carried out and written down in one transaction, once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation

from apps.assistant.channels.registry import channels, tell_channel
from apps.assistant.core.commands import Go, go
from apps.assistant.core.messages import Inbound, Kind, Output, Understood
from apps.assistant.core.slots import slot_of
from apps.assistant.models import ChannelIdentity, Conversation, InboundEvent, Turn
from apps.assistant.services.buttons import read_token
from apps.assistant.services.dialogue import Talk, answer, sayings, warn
from apps.assistant.services.dialogue.moving import ask_again
from apps.assistant.services.inbox import read_event
from apps.assistant.services.sessions import conversation_for, renew_session
from apps.assistant.services.staff_queue import leave_staff
from apps.base import clock
from apps.complaints.core.identifiers import mask_identifiers

SEALED_NO_MORE = ""
SEEN_TO = timedelta(hours=1)
DECLINED = "pace"  # the "engine" of what was not looked at


@transaction.atomic
def settle(*, event: int, understood: Understood, engine: str) -> Conversation | None:
    """Answer a message as `engine` understood it. Returns the conversation, or None if another
    engine's answer stands already.

    1. Lock the message; only the first answer counts. 2. Lock the conversation. 3. Decide, with all
    that follows from it. 4. Write down both sides, forget the words as they came, tell the channel.
    """
    return _settled(event, understood, engine, _said, InboundEvent.State.ANSWERED)


@transaction.atomic
def apologise(*, event: int) -> Conversation | None:
    """Say that something went wrong on our side, and go on with the next message."""
    return _settled(event, Understood(), "", _sorry, InboundEvent.State.FAILED)


@transaction.atomic
def decline(*, event: int) -> Conversation | None:
    """Ask somebody who writes too fast to wait; said once, however much more comes."""
    return _settled(event, Understood(), DECLINED, _not_so_fast, InboundEvent.State.FAILED)


def _settled(
    event: int,
    understood: Understood,
    engine: str,
    say: Callable[[Talk], list[Output]],
    state: InboundEvent.State,
) -> Conversation | None:
    rows = InboundEvent.objects.select_for_update(of=("self",))
    row = rows.select_related("identity__person").get(pk=event)
    if row.state != InboundEvent.State.WAITING:
        return None
    now, heard = clock.now(), read_event(row)
    conversation = conversation_for(identity=row.identity, inbound=heard)
    renew_session(conversation, now)
    talk = _talk(conversation, row.identity, heard, understood)
    outputs = say(talk)
    turns = _write_down(row, talk, outputs, engine, now)
    _keep(conversation, now)
    _remember(row.identity, conversation, now)
    row.state, row.answered_by, row.answered_at = state, engine, now
    row.outputs, row.conversation = [one.as_json() for one in outputs], conversation
    row.sealed = SEALED_NO_MORE
    row.save(
        update_fields=["state", "answered_by", "answered_at", "outputs", "conversation", "sealed"]
    )
    tell_channel(conversation, turns)
    return conversation


def _sorry(talk: Talk) -> list[Output]:
    with translation.override(talk.conversation.language):
        return sayings.with_spoken([sayings.our_fault()])


def _not_so_fast(talk: Talk) -> list[Output]:
    said = warn(talk)
    last = _last_said(talk)
    if last is None or last.engine != DECLINED:
        with translation.override(talk.conversation.language):
            said.append(sayings.not_so_fast())
    return sayings.with_spoken(said)


def _talk(
    conversation: Conversation, identity: ChannelIdentity, heard: Inbound, understood: Understood
) -> Talk:
    return Talk(
        conversation=conversation,
        heard=heard,
        understood=understood,
        abilities=channels.load(identity.channel).abilities,
        person=identity.person,
        verified=identity.verified_at is not None,
    )


def _said(talk: Talk) -> list[Output]:
    if talk.heard.token:
        pressed = _pressed(talk)
        if pressed is not None:
            return pressed
    if talk.conversation.state != Conversation.State.ASSISTANT:
        return _beside_staff(talk)
    if talk.is_text:
        _named_a_button(talk)
    return answer(talk)


def _beside_staff(talk: Talk) -> list[Output]:
    """With staff the assistant keeps quiet, but for danger, and for those who want it back."""
    if talk.heard.choice in (go(Go.MENU), go(Go.START_OVER)):
        leave_staff(conversation=talk.conversation)
        return answer(talk)
    said = warn(talk)
    if talk.conversation.state == Conversation.State.WAITING_FOR_STAFF:
        with translation.override(talk.conversation.language):
            kept = sayings.kept_for_staff()
            last = _last_said(talk)
            if last is None or last.text != kept.text:
                said.append(kept)
    return sayings.with_spoken(said)


def _last_said(talk: Talk) -> Turn | None:
    """What we said last."""
    return talk.conversation.turns.exclude(side=Turn.Side.CITIZEN).order_by("-number").first()


def _pressed(talk: Talk) -> list[Output] | None:
    """Turn a button's token into its choice; what to say where it holds no longer."""
    read = read_token(talk.heard.token, talk.conversation)
    if read is None:
        with translation.override(talk.conversation.language):
            return sayings.with_spoken([sayings.button_is_old(), *ask_again(talk)])
    choice, asked = read
    talk.heard = replace(talk.heard, token="", choice=choice)
    talk.pressed = next((label for label, one in _offered(talk) if one == choice), "")
    if talk.skill is not None and slot_of(talk.skill, asked):
        talk.conversation.asked = asked  # an earlier question, answered anew
    return None


def _named_a_button(talk: Talk) -> None:
    """Who types what stands on a button has pressed it; some channels can send no more."""
    said = talk.heard.text.casefold()
    choice = next((one for label, one in _offered(talk) if label.casefold() == said), "")
    if choice:
        talk.pressed = talk.heard.text
        talk.heard = replace(talk.heard, text="", choice=choice)


def _offered(talk: Talk) -> Iterator[tuple[str, str]]:
    """The buttons of what was said last: what stands on each, and what it means."""
    offered = talk.conversation.turns.filter(output__isnull=False).order_by("-number")[:3]
    for turn in offered:
        yield from map(tuple, (turn.output or {}).get("buttons", ()))


# ---------------------------------------------------------------- written down


def _write_down(
    event: InboundEvent, talk: Talk, outputs: list[Output], engine: str, now: datetime
) -> list[Turn]:
    conversation, understood = talk.conversation, talk.understood
    latency_ms = max(0, round((now - event.received_at).total_seconds() * 1000))
    number = conversation.turns_count
    rows = [
        Turn(
            conversation=conversation, number=number + 1, side=Turn.Side.CITIZEN,
            kind=talk.heard.kind.value, text=talk.pressed or _words(talk.heard), event=event,
            skill=conversation.skill, intent=understood.intent,
            confidence=understood.confidence or None, at=event.received_at,
        )
    ]  # fmt: skip
    rows += [
        Turn(
            conversation=conversation, number=number + 2 + i, side=Turn.Side.ASSISTANT,
            text=mask_identifiers(one.text), output=one.as_json(), event=event,
            skill=conversation.skill, engine=engine, latency_ms=latency_ms, at=now,
        )
        for i, one in enumerate(outputs)
    ]  # fmt: skip
    Turn.objects.bulk_create(rows)
    conversation.turns_count += len(rows)
    conversation.session_turns += 1
    return rows


def _words(heard: Inbound) -> str:
    """What staff and statistics may read: masked words, or what was pressed, keyed or pinned."""
    match heard.kind:
        case Kind.TEXT:
            return heard.text
        case Kind.PLACE if heard.place is not None:
            return heard.place.label or f"{heard.place.lat:.4f}, {heard.place.lon:.4f}"
        case Kind.MEDIA:
            return heard.media
    return heard.choice or heard.digits


def _keep(conversation: Conversation, now: datetime) -> None:
    conversation.heard_at = now
    conversation.keep()


def _remember(identity: ChannelIdentity, conversation: Conversation, now: datetime) -> None:
    """Who was seen, to the hour: names are kept for months, and messages come by the second."""
    if identity.language == conversation.language and now - identity.seen_at < SEEN_TO:
        return
    identity.seen_at, identity.language = now, conversation.language
    identity.save(update_fields=["seen_at", "language"])
