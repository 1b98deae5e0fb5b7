"""The engine in use: a text goes to Rasa, whose actions settle it by our inner door.

What Rasa answers by HTTP is not read: the message's own row says whether it is settled. One that is
not by the deadline goes to the menus, and Rasa's answer, should it still come, finds it answered.
"""

import logging
import threading
from time import monotonic
from typing import Any

import requests
from django.conf import settings

from apps.assistant.models import Conversation, InboundEvent
from apps.assistant.rasa.secrets import shared_secret

CONNECT_S = 0.3
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
            self._ask(event, text)
        except requests.RequestException as error:
            self._rests_until = monotonic() + RESTS_S
            logger.warning("rasa does not answer (%s)", type(error).__name__)
        event.refresh_from_db(fields=["state"])
        return event.state != InboundEvent.State.WAITING

    def _ask(self, event: InboundEvent, text: str) -> None:
        metadata = {"event": event.pk}
        said: dict[str, Any] = {"sender": _session_of(event), "text": text, "metadata": metadata}
        answer = _session().post(
            f"{settings.RASA_URL}/webhooks/citizen/messages",
            json=said,
            headers={"Authorization": f"Bearer {shared_secret()}"},
            timeout=(CONNECT_S, settings.RASA_DEADLINE_S),
        )
        answer.raise_for_status()


def _session_of(event: InboundEvent) -> str:
    """The engine's name for the conversation; a first message's own, until there is one."""
    rows = Conversation.objects.filter(identity=event.identity, ended_at=None)
    code = rows.values_list("session", flat=True).first()
    return str(code) if code else f"00000000-0000-4000-8000-{event.pk:012x}"


def _session() -> requests.Session:
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
    session: requests.Session = _local.session
    return session


rasa = Rasa()
