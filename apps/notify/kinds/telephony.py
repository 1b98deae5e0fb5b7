"""Text messages and calls through a provider's HTTP door.

We POST `{"to", "language", "key", "reference", …}` with the header `X-Signature`, the HMAC-SHA256
of the body under the secret both sides know. The provider answers 2xx once it has taken it; `key`
stays the same when we ask again, so that it can drop a repetition. It reports back to
`/api/v1/notify/receipts` with the reference: received (the text arrived, somebody picked up), shown
(it was read out), acknowledged (a key was pressed).
"""

import hashlib
import hmac
from collections.abc import Collection
from datetime import timedelta
from random import random
from typing import Any, ClassVar

import aiohttp
import msgspec
from django.conf import settings

from apps.base.threads import in_thread
from apps.notify.core.outcomes import ACCEPTED, Outcome, Verdict, later
from apps.notify.models import Telling
from apps.notify.selectors.addresses import agreeing, person_addresses, with_address
from apps.notify.services.receipts import receipt_token
from apps.notify.services.transports import Brake, Parcel, Report, Takes

TIMEOUT_S = 15
SIGNATURE = "X-Signature"
NO_ADDRESS = Outcome(Verdict.REFUSED, "no_address")
UNSET = Outcome(Verdict.LATER, "not_set_up", pause=timedelta(minutes=5), alarm=True)


def signature(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Telephony:
    """What text messages and calls have in common."""

    takes = Takes.PERSONS
    rank: int
    critical_rank: int
    kind: ClassVar[str]
    agreed: ClassVar[str]
    per_minute = 600

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        raise NotImplementedError

    def content(self, parcel: Parcel) -> dict[str, Any]:
        raise NotImplementedError

    def may_always(self, telling: Telling) -> bool:
        """Whether this message needs nobody's word that they want it this way."""
        return telling.rings

    def reachable(self, persons: Collection[int], telling: Telling) -> set[int]:
        if not self.url:
            return set()
        may = set(persons)
        if not self.may_always(telling):
            may = agreeing(self.agreed, persons)
        return with_address("phone", may)

    async def send(self, parcel: Parcel, report: Report, brake: Brake) -> None:
        persons = [pk for _offset, pk in parcel.recipients]
        numbers = await in_thread(person_addresses)("phone", persons)
        for offset, pk in parcel.recipients:
            if pk not in numbers:
                report(offset, NO_ADDRESS)
                continue
            await brake.take()
            report(offset, await self._ask(parcel, pk, numbers[pk]))

    async def _ask(self, parcel: Parcel, person: int, number: str) -> Outcome:
        if not self.url:
            return UNSET
        reference = receipt_token(telling=parcel.telling, transport=self.kind, person=person)
        asked = {
            "to": number,
            "language": parcel.language,
            "key": f"{parcel.code}:{self.kind}:{person}",
            "reference": reference,
        }
        body = msgspec.json.encode({**asked, **self.content(parcel)})
        headers = {
            SIGNATURE: signature(body, settings.PHONE_PEER_SECRET),
            "Content-Type": "application/json",
        }
        try:
            async with self._open_session().post(self.url, data=body, headers=headers) as answer:
                await answer.read()
                return _judge(answer.status, parcel.attempt)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return later(type(error).__name__.lower(), attempt=parcel.attempt, jitter=random())

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _judge(status: int, attempt: int) -> Outcome:
    if status < 300:
        return ACCEPTED
    if status in (401, 403):
        return Outcome(Verdict.LATER, f"http_{status}", pause=timedelta(minutes=1), alarm=True)
    if status == 429 or status >= 500:
        return later(f"http_{status}", attempt=attempt, jitter=random())
    return Outcome(Verdict.REFUSED, f"http_{status}")
