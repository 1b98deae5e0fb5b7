"""What a camera says by itself, over ONVIF: one thread for each that has an events service."""

import logging
import secrets
import threading
from dataclasses import replace
from datetime import UTC
from functools import partial
from random import Random
from urllib.parse import urlsplit

from apps.base import clock
from devices.adapters import pinned_http
from devices.adapters.video import Lost, Refused, Terms
from devices.cameras.addresses import Address, BadAddress, NotAllowed, locate, read_address
from devices.cameras.budget import Patience
from devices.cameras.desk import Desk
from devices.cameras.plans import CameraPlan
from devices.protocols.onvif import events
from devices.protocols.onvif.events import Notification
from devices.protocols.onvif.soap import MOST_BYTES, Fault, Senseless, Token
from devices.services.camera_events import Sight, note_sight

WAIT_S = 5
WITHIN_S = 12.0
RENEW_AFTER_PULLS = 6
LONGEST_WAIT_S = 30.0
# What a camera's own cleverness is worth; no still is taken for it.
SURE = 0.6
SEVERITY = {
    "intrusion": "Moderate",
    "tampered": "Moderate",
    "loitering": "Minor",
    "motion": "Minor",
}
logger = logging.getLogger(__name__)


class Ear(threading.Thread):
    """Subscribes, pulls, renews; begins anew when the camera has forgotten."""

    def __init__(self, plan: CameraPlan, desk: Desk, terms: Terms) -> None:
        super().__init__(name=f"ear-{plan.code}", daemon=True)
        self.plan, self.ended = plan, threading.Event()
        self._desk, self._terms = desk, terms
        self._patience = Patience(Random(plan.pk), LONGEST_WAIT_S)
        self._told: dict[str, str] = {}

    def run(self) -> None:
        while not self.ended.is_set():
            try:
                self._listen()
            except (Lost, Refused, Fault, Senseless, BadAddress, NotAllowed, OSError) as error:
                logger.warning("camera %s tells no events: %s", self.plan.code, error)
            self.ended.wait(self._patience.next_s())

    def _listen(self) -> None:
        service = read_address(self.plan.onvif_url, ["http", "https"])
        ip = locate(service, self._terms.networks)
        answer = self._ask(service, ip, events.subscribe)
        there = _pull_point(service, events.read_subscription(answer))
        pulls = 0
        while not self.ended.is_set():
            answer = self._ask(there, ip, partial(events.pull, wait_s=WAIT_S))
            for said in events.read_messages(answer):
                self._hear(said)
            self._patience.forget()
            pulls += 1
            if pulls % RENEW_AFTER_PULLS == 0:
                self._ask(there, ip, events.renew)
        self._ask(there, ip, events.let_go)

    def _ask(self, address: Address, ip: str, write: events.Write) -> bytes:
        body = write(address.bare, _token(address))
        headers = {"Content-Type": "application/soap+xml; charset=utf-8"}
        # Credentials travel in the envelope; a challenge of HTTP is answered too.
        with pinned_http.request(address, ip, within_s=WITHIN_S, body=body, **headers) as answer:
            found: bytes = answer.read(MOST_BYTES + 1)
        return found

    def _hear(self, said: Notification) -> None:
        """The beginning of something, its end, or what only happens."""
        kind, holds, subject = said.kind, said.holds, said.subject[:60]
        if kind is None or holds is None or holds == (subject in self._told):
            return
        began_at = said.at if said.at.tzinfo else said.at.replace(tzinfo=UTC)
        key = f"{subject}/{began_at:%Y%m%dT%H%M%S}" if holds else self._told.pop(subject)
        if holds:
            self._told[subject] = key
        sight = Sight(
            key=key, kind=kind, zone="", severity=SEVERITY[kind], score=SURE,
            began_at=min(began_at, clock.now()), over=not holds,
        )  # fmt: skip
        self._desk.do(partial(note_sight, camera_id=self.plan.pk, sight=sight))


def _pull_point(service: Address, told: str) -> Address:
    """Where the camera says its messages are: on itself, or nowhere. Some tell a name or an address
    that only they know, so that nothing but path and query is taken."""
    parts = urlsplit(told)
    if parts.scheme not in ("http", "https"):
        raise Senseless("The camera names no address to pull from.")
    return replace(service, path=parts.path or "/", query=parts.query)


def _token(address: Address) -> Token | None:
    if not address.user:
        return None
    created = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    return Token(address.user, address.password, secrets.token_bytes(16), created)
