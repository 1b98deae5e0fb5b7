"""The engine in use: a text goes to Rasa, whose actions settle it by our inner door.

What Rasa answers by HTTP is not read: the message's own row says whether it is settled. One that is
not by the deadline goes to the menus, and Rasa's answer, should it still come, finds it answered.
"""

import http.client
import logging
import threading
from time import monotonic
from urllib.parse import urlsplit

import msgspec
from django.conf import settings

from apps.assistant.models import Conversation, InboundEvent
from apps.assistant.rasa.secrets import shared_secret

PATH = "/webhooks/citizen/messages"
RESTS_S = 3.0  # after a failure, so that not every message waits for one that is away
logger = logging.getLogger(__name__)
_local = threading.local()


class Rasa:
    def __init__(self) -> None:
        self._rests_until = 0.0

    def answer(self, event: InboundEvent, text: str) -> bool:
        if monotonic() < self._rests_until:
            return False
        try:
            _ask(event, text)
        except (OSError, http.client.HTTPException) as error:
            _forget_connection()
            self._rests_until = monotonic() + RESTS_S
            logger.warning("rasa does not answer (%s)", type(error).__name__)
        event.refresh_from_db(fields=["state"])
        return event.state != InboundEvent.State.WAITING


def _ask(event: InboundEvent, text: str) -> None:
    metadata = {"event": event.pk}
    said = {"sender": _session_of(event), "text": text, "metadata": metadata}
    body = msgspec.json.encode(said)
    if hasattr(_local, "connection"):
        try:
            return _post(_local.connection, body)
        except (ConnectionError, http.client.HTTPException):
            _forget_connection()  # it had been closed meanwhile; the same message is settled once
    _local.connection = _connect()
    return _post(_local.connection, body)


def _connect() -> http.client.HTTPConnection:
    where = urlsplit(settings.RASA_URL)
    return http.client.HTTPConnection(
        where.hostname or "127.0.0.1", where.port, timeout=settings.RASA_DEADLINE_S
    )


def _post(connection: http.client.HTTPConnection, body: bytes) -> None:
    headers = {
        "Authorization": f"Bearer {shared_secret()}",
        "Content-Type": "application/json",
    }
    connection.request("POST", PATH, body, headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status >= 300:
        raise http.client.HTTPException(f"status {answer.status}")


def _forget_connection() -> None:
    if hasattr(_local, "connection"):
        _local.connection.close()
        del _local.connection


def _session_of(event: InboundEvent) -> str:
    """The engine's name for the conversation; a first message's own, until there is one."""
    rows = Conversation.objects.filter(identity=event.identity, ended_at=None)
    code = rows.values_list("session", flat=True).first()
    return str(code) if code else f"00000000-0000-4000-8000-{event.pk:012x}"


rasa = Rasa()
