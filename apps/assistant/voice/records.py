"""The record of a call, written down as it happens: each function commits before it returns."""

import base64
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.core import contacts
from apps.accounts.models import Person
from apps.accounts.selectors.persons import person_at
from apps.assistant.models import (
    Call,
    CallTurn,
    ChannelIdentity,
    Conversation,
    Deed,
    RecordingAccess,
    RecordingChunk,
)
from apps.assistant.speech.core import mulaw
from apps.assistant.speech.core.audio import seconds_of
from apps.assistant.speech.core.listening import Heard
from apps.base import audit, clock, tokens
from apps.base.problems import NotFound, TooMany
from apps.base.sealing import seal, unseal
from apps.complaints.core.identifiers import mask_identifiers
from apps.complaints.models import ServiceRequest
from apps.complaints.services.moving import write_note

CHANNEL, WEB = "voice", "web"
PROOF, PROOF_LASTS = "assistant.call", timedelta(minutes=5)
RINGS_FOR = timedelta(minutes=3)
LONGEST = timedelta(hours=1)
PER_HOUR = 20
ANONYMOUS_PER_HOUR = 120
AT_ONCE_OF_A_NUMBER = 2
TO_HEAR = (CallTurn.Understood.NOT, CallTurn.Understood.DRAFT)


class LinesBusy(TooMany):
    slug = "lines-busy"
    title = _("All lines are busy. Please call again in a few minutes.")


@transaction.atomic
def announce_call(
    *,
    provider: str,
    provider_call: str,
    caller: str = "",
    dialled: str = "",
    language: str = "",
    direction: str = Call.Direction.IN,
) -> Call:
    """A provider says that somebody calls. The same call again is the same row. A language is given
    where the number that was dialled, or the app, says which one.

    Raises LinesBusy: too many calls, at once or from this number.
    """
    known = Call.objects.filter(provider=provider, provider_call=provider_call).first()
    if known is not None:
        return known
    number = _number(caller)
    if direction == Call.Direction.IN:
        _limit(number)
    return Call.objects.create(
        provider=provider,
        provider_call=provider_call[:120],
        caller=number,
        dialled=_number(dialled),
        language=language if language in dict(settings.LANGUAGES) else "",
        direction=direction,
    )


def announce_web_call(*, person: Person | None, language: str) -> Call:
    """Somebody presses "call" in the app: known if they are signed in. Raises LinesBusy."""
    name = uuid.uuid4().hex
    call = announce_call(provider=WEB, provider_call=name, language=language)
    if person is not None:
        call.identity = _named(f"person:{person.code.hex}")
        ChannelIdentity.objects.filter(pk=call.identity.pk).update(person=person)
        call.save(update_fields=["identity"])
    return call


def _named(name: str) -> ChannelIdentity:
    now = clock.now()
    identity, _new = ChannelIdentity.objects.get_or_create(
        channel=CHANNEL,
        identity=name,
        defaults={"created_at": now, "seen_at": now, "language": ""},
    )
    return identity


def _number(given: str) -> str:
    """In its normal form; nothing for a number that is withheld or none."""
    try:
        return contacts.phone(given, region=settings.PHONE_REGION).value
    except contacts.UnreadableAddress:
        return ""


def _limit(number: str) -> None:
    now = clock.now()
    ringing = Q(state=Call.State.RINGING, began_at__gt=now - RINGS_FOR)
    live = Call.objects.going_on().filter(ringing | _talking(now))
    if live.count() >= settings.VOICE_CALLS_AT_ONCE:
        raise LinesBusy(retry_after_s=60)
    recent = Call.objects.filter(
        caller=number, direction=Call.Direction.IN, began_at__gt=now - timedelta(hours=1)
    )
    if recent.count() >= (PER_HOUR if number else ANONYMOUS_PER_HOUR):
        raise LinesBusy(retry_after_s=600)
    if number and live.filter(caller=number).count() >= AT_ONCE_OF_A_NUMBER:
        raise LinesBusy(retry_after_s=60)


def _talking(now: datetime) -> Q:
    return Q(state=Call.State.TALKING, began_at__gt=now - LONGEST)


def proof_of(call: Call) -> str:
    """What a stream shows to be taken for this call."""
    return tokens.sign(PROOF, call.code.hex, lasts=PROOF_LASTS)


@transaction.atomic
def answer_call(*, code: str) -> Call:
    """The line is up: once, and only for a call that was announced. Raises NotFound."""
    rows = Call.objects.select_for_update().filter(code=code, state=Call.State.RINGING)
    call = rows.filter(began_at__gt=clock.now() - RINGS_FOR).first()
    if call is None:
        raise NotFound(_("No such call is ringing."))
    call.identity = _identity(call)
    call.language = _language(call, call.identity)
    call.state, call.answered_at = Call.State.TALKING, clock.now()
    call.save(update_fields=["identity", "language", "state", "answered_at"])
    return call


def _language(call: Call, identity: ChannelIdentity) -> str:
    """The language that was called for, else the one they spoke last."""
    going_on = Conversation.objects.filter(identity=identity, ended_at=None)
    if call.language:
        going_on.exclude(language=call.language).update(
            language=call.language, **Conversation.touched()
        )
        identity.language = call.language
        identity.save(update_fields=["language"])
        return call.language
    last = going_on.values_list("language", flat=True).first()
    return last or identity.language or settings.LANGUAGE_CODE


def _identity(call: Call) -> ChannelIdentity:
    """Who calls, by number. A verified contact says whose number it is, not who holds the phone:
    what must not be heard by others waits for a check (`verified_at`)."""
    if call.identity is not None:  # signed in when they pressed "call"
        call.identity.verified_at = clock.now()
        call.identity.save(update_fields=["verified_at"])
        return call.identity
    identity = _known_by_number(call)
    owner = person_at(contacts.Address("phone", call.caller)) if call.caller else None
    # We dialled the number of a verified contact: whoever picks up holds that line.
    ours = call.direction == Call.Direction.OUT and owner is not None
    identity.person, identity.verified_at = owner, clock.now() if ours else None
    identity.save(update_fields=["person", "verified_at"])
    return identity


def _known_by_number(call: Call) -> ChannelIdentity:
    """Who calls from a number that is talking already, such as a company's, is somebody else, and
    hears nothing of that call."""
    if call.caller:
        known = _named(call.caller)
        ChannelIdentity.objects.select_for_update().get(pk=known.pk)  # two at once take turns
        talking = Call.objects.going_on().filter(_talking(clock.now()), identity=known)
        if not talking.exists():
            return known
    return _named(f"call:{call.code.hex}")


def prove_caller(*, call: Call) -> None:
    """The caller has passed a check: what is theirs may be read to them, in this call."""
    assert call.identity is not None
    call.identity.verified_at = clock.now()
    call.identity.save(update_fields=["verified_at"])


def note_consent(*, call: Call, consent: str) -> None:
    Call.objects.filter(pk=call.pk).update(consent=consent)


@transaction.atomic
def end_call(*, call: Call, because: str) -> None:
    """Over. What was proven holds for one call only."""
    Call.objects.filter(pk=call.pk, ended_at=None).update(
        state=Call.State.ENDED, ended_because=because[:60], ended_at=clock.now()
    )
    if call.identity_id is not None:
        ChannelIdentity.objects.filter(pk=call.identity_id).update(verified_at=None)


# ---------------------------------------------------------------- turns and sound


def begin_turn(*, call: Call, number: int, kind: str, asked: str, digits: str = "") -> CallTurn:
    return CallTurn.objects.create(
        call=call, number=number, kind=kind, asked=asked[:20], digits=digits[:80], at=clock.now()
    )


def add_keys(*, turn: CallTurn, digits: str) -> None:
    CallTurn.objects.filter(pk=turn.pk).update(digits=digits[:80])


@transaction.atomic
def keep_sound(*, turn: CallTurn, number: int, audio: bytes) -> None:
    """One piece of a recording: sealed, and counted in the turn."""
    sealed = seal(base64.b64encode(mulaw.encode(audio)).decode()).encode()
    RecordingChunk.objects.create(turn=turn, number=number, sealed=sealed)
    CallTurn.objects.filter(pk=turn.pk).update(
        recorded_ms=F("recorded_ms") + round(seconds_of(audio) * 1000)
    )


def note_words(*, turn: CallTurn, heard: Heard) -> None:
    """What an engine made of a turn. Without words nothing was understood."""
    states = CallTurn.Understood
    unsure = states.DRAFT if heard.text else states.NOT
    CallTurn.objects.filter(pk=turn.pk).update(
        transcript=mask_identifiers(heard.text),
        understood=states.SURE if heard.sure else unsure,
        engine=heard.engine,
        confidence=heard.confidence,
    )


def attach_turns(*, call: Call) -> list[ServiceRequest]:
    """What the caller said so far belongs to the report that this conversation has just filed."""
    filed = _filed_in(call)
    open_turns = CallTurn.objects.filter(call=call, request=None, kind=CallTurn.Kind.VOICE)
    known = CallTurn.objects.filter(call=call, request__in=filed).values_list("request", flat=True)
    fresh = [request for request in filed if request.pk not in set(known)]
    for request in fresh:
        _tell_the_desk(call, request, list(open_turns.filter(understood__in=TO_HEAR)))
        open_turns.update(request=request)
    return fresh


def _tell_the_desk(call: Call, request: ServiceRequest, turns: Sequence[CallTurn]) -> None:
    """A note on the report's own page, where nothing stands that can be read."""
    if not turns:
        return
    numbers = ", ".join(str(turn.number) for turn in turns)
    text = gettext("Said on the telephone: listen to call %(call)s, turn %(turns)s.")
    write_note(
        request=request, text=text % {"call": str(call.code)[:8], "turns": numbers}, actor=CHANNEL
    )


def _filed_in(call: Call) -> list[ServiceRequest]:
    """What this call's conversation did, by its deeds."""
    codes = Deed.objects.filter(
        identity=call.identity, kind=Deed.Kind.COMPLAINT, at__gte=call.began_at
    ).values_list("reference", flat=True)
    return list(ServiceRequest.objects.filter(code__in=codes).order_by("pk"))


# ---------------------------------------------------------------- listening to it


def recording_of(turn: CallTurn) -> bytes:
    """The turn's audio, 16-bit at 8 kHz. A piece that can't be opened is left out."""
    pieces = (bytes(chunk.sealed) for chunk in turn.chunks.order_by("number"))
    return b"".join(mulaw.decode(_opened(piece)) for piece in pieces)


def _opened(sealed: bytes) -> bytes:
    try:
        return base64.b64decode(unseal(sealed.decode()))
    except InvalidToken:
        return b""


@transaction.atomic
def listen_to(*, turn: CallTurn, actor: str) -> bytes:
    """Staff listen; that they did is written down first."""
    RecordingAccess.objects.create(
        call_code=turn.call.code, turn_number=turn.number, actor=actor[:120], at=clock.now()
    )
    audit.record(
        actor=actor,
        action="assistant.recording.heard",
        subject=f"call:{turn.call.code}",
        detail={"turn": turn.number},
    )
    return recording_of(turn)


# ---------------------------------------------------------------- retention

CALLS_KEPT = timedelta(days=180)
ACCESS_KEPT = timedelta(days=730)


def old_recordings() -> int:
    """The sound goes first; the turn stays, without words that a machine only guessed."""
    before = clock.now() - timedelta(days=settings.VOICE_RECORDINGS_KEPT_DAYS)
    old = CallTurn.objects.filter(at__lt=before)
    removed, _ = RecordingChunk.objects.filter(turn__in=old).delete()
    old.filter(understood=CallTurn.Understood.DRAFT).exclude(transcript="").update(transcript="")
    return removed


def old_calls() -> int:
    removed, by_kind = Call.objects.filter(began_at__lt=clock.now() - CALLS_KEPT).delete()
    RecordingAccess.objects.filter(at__lt=clock.now() - ACCESS_KEPT).delete()
    calls: Any = by_kind.get("assistant.Call", removed)
    return int(calls)
