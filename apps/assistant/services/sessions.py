"""Which conversation a message belongs to, and under what name the engine knows it."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings

from apps.assistant.core.languages import detect
from apps.assistant.core.messages import Inbound
from apps.assistant.models import ChannelIdentity, Conversation
from apps.base import clock

QUIET = timedelta(minutes=30)  # after which a talk is over and the next message begins another
SESSION_LASTS = timedelta(minutes=30)
SESSION_TURNS = 20  # what is kept of them Rasa reads again whenever it is started


def identity_of(inbound: Inbound) -> ChannelIdentity:
    """The row of whoever speaks."""
    now = clock.now()
    row, _new = ChannelIdentity.objects.get_or_create(
        channel=inbound.channel,
        identity=inbound.identity,
        defaults={"created_at": now, "seen_at": now, "language": known_language(inbound.language)},
    )
    return row


def conversation_for(*, identity: ChannelIdentity, inbound: Inbound) -> Conversation:
    """The open conversation, locked; a new one where there is none or it has been quiet too long.

    Call in a transaction.
    """
    now = clock.now()
    rows = Conversation.objects.select_for_update().filter(identity=identity, ended_at=None)
    found = rows.first()
    if found is not None and _is_over(found, now):
        end(found, now)
        found = None
    if found is None:
        return _begun(identity, inbound, now)
    found.identity = identity
    return found


def _is_over(row: Conversation, now: datetime) -> bool:
    """Somebody who waits for staff, or is with them, isn't sent away by time."""
    return row.state == Conversation.State.ASSISTANT and now - row.heard_at > QUIET


def end(row: Conversation, now: datetime) -> None:
    row.ended_at = now
    row.keep()


def _begun(identity: ChannelIdentity, inbound: Inbound, now: datetime) -> Conversation:
    return Conversation.objects.create(
        identity=identity,
        language=_language(identity, inbound),
        session_started_at=now,
        started_at=now,
        heard_at=now,
    )


def _language(identity: ChannelIdentity, inbound: Inbound) -> str:
    """What they spoke before, else what they write in, else what the channel says of them."""
    spoken = known_language(detect(inbound.text).language) if inbound.text else ""
    return identity.language or spoken or known_language(inbound.language) or settings.LANGUAGE_CODE


def known_language(language: str) -> str:
    """The language if the assistant speaks it, else nothing."""
    code = language.split("-")[0].lower()
    return code if code in dict(settings.LANGUAGES) else ""


def renew_session(row: Conversation, now: datetime) -> None:
    """A new name for the engine, before there is much for it to remember. What is filled in stays
    with us."""
    old = now - row.session_started_at > SESSION_LASTS
    if old or row.session_turns >= SESSION_TURNS:
        row.session, row.session_turns, row.session_started_at = uuid.uuid4(), 0, now
