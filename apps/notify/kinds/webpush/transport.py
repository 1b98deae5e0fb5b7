"""Web Push (RFC 8030) to browsers: encrypted by pywebpush (RFC 8291), signed with VAPID (RFC 8292).

The address of a registration is the subscription as the browser gave it. Only known push services
are posted to: an address is somebody else's word.
"""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import random
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec
from django.conf import settings
from py_vapid import Vapid02
from pywebpush import WebPusher

from apps.base import clock
from apps.notify.core.fcm_answers import read_retry_after
from apps.notify.core.outcomes import ACCEPTED, Outcome, Verdict, later
from apps.notify.models import Telling
from apps.notify.selectors.addresses import registration_addresses
from apps.notify.services.brakes import Paused
from apps.notify.services.transports import Brake, Parcel, Report, Takes

CONNECTIONS = 100
TIMEOUT_S = 15
GONE = Outcome(Verdict.GONE, "ended")
UNSET = Outcome(Verdict.LATER, "not_set_up", pause=timedelta(minutes=5), alarm=True)


class WebPush:
    takes = Takes.REGISTRATIONS
    rank = critical_rank = 0
    per_minute = 60_000

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._key: Vapid02 | None = None
        self._free = asyncio.Semaphore(CONNECTIONS)

    def reachable(self, persons: Collection[int], telling: Telling) -> set[int]:
        return set()

    async def send(self, parcel: Parcel, report: Report, brake: Brake) -> None:
        if not settings.WEB_PUSH_KEY_FILE:
            report(parcel.recipients[0][0], UNSET)
            return
        pks = [pk for _offset, pk in parcel.recipients]
        known = await registration_addresses(pks)
        content = shown(parcel)

        async def one(offset: int, pk: int) -> None:
            async with self._free:
                address = known.get(pk)
                report(offset, await self._push(address, content, parcel) if address else GONE)

        async with asyncio.TaskGroup() as group:
            for offset, pk in parcel.recipients:
                try:
                    await brake.take()
                except Paused:
                    return  # those on their way come back first
                group.create_task(one(offset, pk))

    async def _push(self, address: str, content: bytes, parcel: Parcel) -> Outcome:
        try:
            subscription = json.loads(address)
            body = await asyncio.to_thread(_encrypted, subscription, content)
            headers = self._headers(subscription["endpoint"], parcel)
        except (ValueError, KeyError):
            return Outcome(Verdict.GONE, "unreadable")
        try:
            post = self._open_session().post(subscription["endpoint"], data=body, headers=headers)
            async with post as answer:
                return _judge(answer.status, answer.headers.get("Retry-After"), parcel.attempt)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return later(type(error).__name__.lower(), attempt=parcel.attempt, jitter=random())

    def _headers(self, endpoint: str, parcel: Parcel) -> dict[str, str]:
        if self._key is None:
            self._key = Vapid02.from_file(settings.WEB_PUSH_KEY_FILE)
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "sub": f"mailto:{settings.DEFAULT_FROM_EMAIL}",
        }
        ttl_s = max(int((parcel.expires_at - clock.now()).total_seconds()), 0)
        signed: dict[str, str] = self._key.sign(claims)
        return {
            **signed,
            "TTL": str(ttl_s),
            "Topic": _topic(parcel.tag),
            "Urgency": "high" if parcel.critical else "normal",
            "Content-Encoding": "aes128gcm",
        }

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def shown(parcel: Parcel) -> bytes:
    """What the service worker gets."""
    return msgspec.json.encode(
        {
            "title": parcel.content.title,
            "body": parcel.content.body,
            "tag": parcel.tag,
            "version": parcel.version,
            "telling": parcel.code,
            "category": parcel.category,
            "critical": parcel.critical,
            "language": parcel.language,
            "link": parcel.link,
            "data": parcel.data,
        }
    )


def _topic(tag: str) -> str:
    """The tag as 32 characters that RFC 8030 allows: a newer push takes the older one's place."""
    return urlsafe_b64encode(sha256(tag.encode()).digest()).decode()[:32]


def _encrypted(subscription: dict[str, Any], content: bytes) -> bytes:
    body: bytes = WebPusher(subscription).encode(content, content_encoding="aes128gcm")["body"]
    return body


def _judge(status: int, retry_after: str | None, attempt: int) -> Outcome:
    """RFC 8030: 201 taken; 404 and 410 the subscription is over; 413 too long; 429 slower."""
    if status in (200, 201, 202):
        return ACCEPTED
    if status in (404, 410):
        return Outcome(Verdict.GONE, f"http_{status}")
    if status == 413:
        return Outcome(Verdict.STOP, "payload_too_long", alarm=True)
    if status == 429 or status >= 500:
        asked = read_retry_after(retry_after, now=datetime.now(UTC))
        return later(f"http_{status}", attempt=attempt, jitter=random(), asked=asked)
    if status in (401, 403):
        return Outcome(Verdict.LATER, f"http_{status}", after=timedelta(minutes=1), alarm=True)
    return Outcome(Verdict.REFUSED, f"http_{status}")


def make() -> WebPush:
    return WebPush()
