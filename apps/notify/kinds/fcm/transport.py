"""Firebase Cloud Messaging, HTTP v1: tokens to phones, topics to everybody in a cell.

pyfcm knows the credentials and the payload; the requests go over our own pool of kept connections
(`wire`), because its bulk call opens one per message and looks at no status.
"""

import asyncio
import logging
import ssl
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import random

import aiohttp
from django.conf import settings

from apps.base import clock
from apps.notify.core.cells import topic_name
from apps.notify.core.fcm_answers import UNAUTHENTICATED, judge
from apps.notify.core.outcomes import Outcome, Verdict, later
from apps.notify.kinds.fcm.account import AccessToken, Account
from apps.notify.kinds.fcm.payload import Body, TooLong, body_for
from apps.notify.kinds.fcm.wire import Wire
from apps.notify.models import Telling
from apps.notify.selectors.addresses import registration_addresses
from apps.notify.services.brakes import Paused
from apps.notify.services.transports import Brake, Parcel, Report, Takes

CONNECTIONS = 500
WORKERS = 100  # on one chunk; five chunks use every connection
TIMEOUT_S = 15
GONE = Outcome(Verdict.GONE, "ended")
UNSET = Outcome(Verdict.LATER, "not_set_up", pause=timedelta(minutes=5), alarm=True)
logger = logging.getLogger(__name__)
Recipient = tuple[int, str]  # offset in the chunk, address


class Fcm:
    takes = Takes.REGISTRATIONS
    rank = critical_rank = 0

    def __init__(self) -> None:
        self.per_minute = settings.FCM_PER_MINUTE
        self._wire: Wire | None = None
        self._account: Account | None = None
        self._token: AccessToken | None = None
        self._free = asyncio.Semaphore(CONNECTIONS)

    def reachable(self, persons: Collection[int], telling: Telling) -> set[int]:
        return set()

    async def send(self, parcel: Parcel, report: Report, brake: Brake) -> None:
        if not settings.FCM_ACCOUNT_FILE:
            report(parcel.recipients[0][0], UNSET)
            return
        try:
            body = self._body(parcel)
        except TooLong:
            report(parcel.recipients[0][0], Outcome(Verdict.STOP, "payload_too_long", alarm=True))
            return
        recipients = await self._addresses(parcel, report)
        await self._send_all(recipients, body, parcel.attempt, report, brake)

    def _body(self, parcel: Parcel) -> Body:
        return body_for(self._open_account(), parcel, clock.now())

    async def _addresses(self, parcel: Parcel, report: Report) -> list[Recipient]:
        pks = [pk for _offset, pk in parcel.recipients]
        known = await registration_addresses(pks)
        for offset, pk in parcel.recipients:
            if pk not in known:
                report(offset, GONE)
        return [(offset, known[pk]) for offset, pk in parcel.recipients if pk in known]

    async def _send_all(
        self, recipients: list[Recipient], body: Body, attempt: int, report: Report, brake: Brake
    ) -> None:
        """A few workers share the chunk, each with one message on its way at a time; all chunks
        together have no more on their way than there are connections."""
        waiting = iter(recipients)

        async def work() -> None:
            for offset, address in waiting:
                await brake.take()
                async with self._free:
                    report(offset, await self._post(body.addressed(address), attempt))

        workers = [asyncio.create_task(work()) for _one in range(min(WORKERS, len(recipients)))]
        try:
            done = await asyncio.gather(*workers, return_exceptions=True)
        finally:
            for worker in workers:
                worker.cancel()
        for outcome in done:  # those on their way have come back
            if isinstance(outcome, BaseException) and not isinstance(outcome, Paused):
                raise outcome

    async def _post(self, body: bytes, attempt: int) -> Outcome:
        """One message; signs in again once if the access token was refused."""
        access = self._open_token()
        try:
            token = await access.current()
            outcome = await self._ask(token, body, attempt)
            if outcome.reason == UNAUTHENTICATED:
                await access.renew(token)
                outcome = await self._ask(await access.current(), body, attempt)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return later(type(error).__name__.lower(), attempt=attempt, jitter=random())
        except Exception as error:  # google-auth's own: the account is refused or its door is away
            logger.warning("fcm: no access token (%s: %s)", type(error).__name__, error)
            return Outcome(
                Verdict.LATER, f"sign_in_{type(error).__name__}".lower()[:40],
                pause=timedelta(seconds=30), alarm=True,
            )  # fmt: skip
        return outcome

    async def _ask(self, token: str, body: bytes, attempt: int) -> Outcome:
        status, retry_after, content = await self._open_wire().post(token, body)
        return judge(
            status, content, retry_after, now=datetime.now(UTC), attempt=attempt, jitter=random()
        )

    def _open_account(self) -> Account:
        if self._account is None:
            self._account = Account(Path(settings.FCM_ACCOUNT_FILE))
        return self._account

    def _open_token(self) -> AccessToken:
        if self._token is None:
            self._token = AccessToken(self._open_account())
        return self._token

    def _open_wire(self) -> Wire:
        if self._wire is None:
            tls = ssl.create_default_context(cafile=settings.FCM_CA_FILE or None)
            url = self._open_account().fcm_end_point
            self._wire = Wire(url, tls, connections=CONNECTIONS, timeout_s=TIMEOUT_S)
        return self._wire

    async def close(self) -> None:
        if self._wire is not None:
            await self._wire.close()
            self._wire = None


class FcmTopics(Fcm):
    """One request wakes everybody who follows a cell; who they are we never know."""

    takes = Takes.CELLS

    def _body(self, parcel: Parcel) -> Body:
        return body_for(self._open_account(), parcel, clock.now(), topic=True)

    async def _addresses(self, parcel: Parcel, report: Report) -> list[Recipient]:
        return [(offset, topic_name(cell)) for offset, cell in parcel.recipients]


def make() -> Fcm:
    return Fcm()


def make_topics() -> FcmTopics:
    return FcmTopics()
