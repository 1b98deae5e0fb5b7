"""The WebSocket door of the web chat.

Up:   {"open": {"token": TOKEN?, "language": "ko"}}     first; the token resumes an earlier chat
      {"id": UUID, "text": "…"}                          or "token" (a button's), "choice" (a move),
      {"id": UUID, "place": {"lon", "lat", "label"?}}    "photo" (an upload's token)
Down: {"type": "opened", "token", "topic"}, then the topic's snapshot and deltas as in `/ws/live/`
      {"type": "taken", "id"}: it is kept; the answer comes as rows of the topic
      {"type": "problem", "problem": {…}, "id"?}

A message whose "taken" did not come is sent again under the same id; it is answered once.
"""

from datetime import timedelta

import msgspec
from channels.db import database_sync_to_async
from django.conf import settings

from apps.accounts.models import Person
from apps.accounts.selectors.sessions import person_for_scope
from apps.assistant.channels.web import channel
from apps.assistant.core.commands import read_go
from apps.assistant.core.messages import MAX_TEXT, Inbound, Place
from apps.assistant.models import InboundEvent
from apps.assistant.services.acquaintance import seat
from apps.assistant.services.conversing import answer_waiting
from apps.assistant.services.inbox import take_in
from apps.assistant.services.sessions import known_language
from apps.assistant.services.waiting import answer_soon
from apps.base import clock
from apps.base.consumers import LiveConsumer
from apps.base.limits import Bucket
from apps.base.problems import Invalid, NotAllowed, Problem, TooLarge

MAX_MESSAGE_BYTES = 16_384
_bucket = Bucket(settings.CHAT_PER_MINUTE)


class Opening(msgspec.Struct, forbid_unknown_fields=True):
    token: str = ""
    language: str = ""


class Pin(msgspec.Struct, forbid_unknown_fields=True):
    lon: float
    lat: float
    label: str = ""


class Told(msgspec.Struct, forbid_unknown_fields=True):
    open: Opening | None = None
    id: str = ""
    text: str = ""
    token: str = ""
    choice: str = ""
    photo: str = ""
    place: Pin | None = None


class ChatConsumer(LiveConsumer):
    identity = ""
    language = ""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        raw = text_data or bytes_data or b""
        told = Told()
        try:
            if len(raw) > MAX_MESSAGE_BYTES:
                raise TooLarge
            told = msgspec.json.decode(raw, type=Told)
            await self._hear(told)
        except msgspec.DecodeError as error:
            await self._refuse(Invalid(str(error)), "")
        except Problem as problem:
            await self._refuse(problem, told.id)

    async def _refuse(self, problem: Problem, told: str) -> None:
        await self._send({"type": "problem", "problem": problem.document(), "id": told})

    async def _hear(self, told: Told) -> None:
        if told.open is not None:
            await self._open(told.open)
        elif not self.identity:
            raise NotAllowed
        elif told.id:
            await self._take(told)

    async def _open(self, opening: Opening) -> None:
        self.language = known_language(opening.language)
        person = await person_for_scope(self.scope)
        seated = database_sync_to_async(_seated)
        self.identity = await seated(opening.token, person, self.language)
        topic = f"{channel.TOPIC}:{self.identity}"
        token = channel.resume_token(self.identity)
        await self._send({"type": "opened", "token": token, "topic": topic})
        await self._subscribe(topic, None)

    async def _check_right(self, topic: str) -> None:
        """This socket follows its own chat and nothing else."""
        if topic != f"{channel.TOPIC}:{self.identity}":
            raise NotAllowed

    async def _take(self, told: Told) -> None:
        _bucket.take(self.identity)
        inbound = _inbound(told, self.identity, self.language)
        event = await database_sync_to_async(_kept)(inbound)
        await self._send({"type": "taken", "id": told.id})
        answer = database_sync_to_async(answer_waiting, thread_sensitive=False)
        await answer(identity=event.identity_id)


def _seated(token: str, person: Person | None, language: str) -> str:
    """The name on the channel: the one that the token resumes if it may be, else a new one."""
    for identity in (channel.identity_in(token), channel.new_identity()):
        if seat(channel=channel.web.kind, identity=identity, person=person, language=language):
            return identity
    raise NotAllowed


def _kept(inbound: Inbound) -> InboundEvent:
    event, is_new = take_in(inbound=inbound)
    if is_new:
        answer_soon(event, delay=timedelta(seconds=10))
    return event


def _inbound(told: Told, identity: str, language: str) -> Inbound:
    """Raises Invalid for what says nothing, or two things."""
    if told.choice and read_go(told.choice) is None:
        raise Invalid
    place = told.place
    try:
        return Inbound(
            channel=channel.web.kind,
            identity=identity,
            event_id=f"{identity}:{told.id[:64]}",
            received_at=clock.now(),
            text=told.text.strip()[: 4 * MAX_TEXT],
            token=told.token,
            choice=told.choice,
            media=told.photo,
            place=Place(place.lon, place.lat, place.label[:120]) if place else None,
            language=language,
        )
    except ValueError as error:
        raise Invalid from error
