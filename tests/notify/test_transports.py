"""Every other way to a person, against loopback peers that speak its protocol: browsers, mail,
texts and calls; and what each says back, in one ledger."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.core.cache import cache
from django.db import connections
from django.test import Client

from apps.accounts.models import Contact, Person
from apps.base import clock
from apps.base.hot import close_pool
from apps.notify.models import Budget, Chunk, Failure, Receipt, Registration, Telling
from apps.notify.process import Sender
from apps.notify.services import Content, Lane, Message, tell
from apps.notify.services.escalation import escalate
from citizen.demo.peers.certificates import make_web_push_key
from citizen.demo.peers.phones import PhonePeer
from tests.notify.conftest import agree, register
from tests.notify.mail_server import MailServer
from tests.notify.push_service import PushService
from tests.support.world import People

pytestmark = pytest.mark.django_db(transaction=True)
run = database_sync_to_async
RECEIPTS = "/api/v1/notify/receipts"
WORDS = {
    "ko": Content(title="홍수", body="높은 곳으로 가세요.", speech="홍수입니다. 높은 곳으로."),
    "en": Content(title="Flood", body="Go upstairs.", short="Flood. Go upstairs."),
}
FLOOD = Message(
    contents=WORDS, category="alert", tag="alert:1", version=2, critical=True, link="/#/alerts/1"
)


@pytest.fixture(autouse=True)
async def _alone() -> AsyncIterator[None]:
    cache.clear()
    yield
    await close_pool()
    await sync_to_async(connections.close_all)()


async def send() -> None:
    await Sender().run_dry()


def told(to: Person, message: Message = FLOOD, key: str = "k") -> Telling:
    return tell(to=to, message=message, lane=Lane.LIFE_SAFETY, key=key)


def receive(body: dict[str, Any], secret: str = "") -> int:
    """What devices and providers post."""
    more = {"X-Registration-Secret": secret} if secret else {}
    answer = Client().post(
        RECEIPTS, json.dumps(body), content_type="application/json", headers=more
    )
    return answer.status_code


def ledger(telling: Telling, transport: str) -> list[str]:
    """The stages that are reached, earliest first."""
    row = Receipt.objects.filter(telling=telling, transport=transport).first()
    stages = ("received_at", "shown_at", "acknowledged_at")
    return [stage for stage in stages if row is not None and getattr(row, stage)]


# ---------------------------------------------------------------- browsers


@pytest.fixture
async def browser(tmp_path: Path, settings: Any) -> AsyncIterator[PushService]:
    settings.WEB_PUSH_KEY_FILE = str(make_web_push_key(tmp_path))
    service = PushService()
    await service.server.start()
    yield service
    await service.server.stop()


def in_browser(person: Person, service: PushService, name: str = "ok") -> Registration:
    return register(person, transport="webpush", address=service.subscription(name), locale="en-GB")


async def test_a_browser_reads_what_nobody_on_the_way_could(
    town: People, browser: PushService
) -> None:
    await run(in_browser)(town.sora, browser)
    telling = await run(told)(town.sora)
    await send()
    (push,) = browser.read
    assert (push["title"], push["body"]) == ("Flood", "Go upstairs.")
    assert (push["tag"], push["version"], push["telling"]) == ("alert:1", 2, str(telling.code))
    (headers,) = browser.headers
    assert headers[b"urgency"] == b"high"
    assert 0 < int(headers[b"ttl"]) <= 86_400


async def test_a_push_replaces_by_a_topic_that_every_service_takes(
    town: People, browser: PushService
) -> None:
    await run(in_browser)(town.sora, browser)
    for version in (1, 2):
        message = Message(contents=WORDS, tag="ride:세종/7", version=version)
        await run(told)(town.sora, message, f"k{version}")
    await send()
    first, second = (headers[b"topic"] for headers in browser.headers)
    assert first == second
    assert re.fullmatch(rb"[A-Za-z0-9_-]{1,32}", first)


async def test_a_browser_says_what_it_has_shown(town: People, browser: PushService) -> None:
    row = await run(in_browser)(town.sora, browser)
    telling = await run(told)(town.sora)
    await send()
    body = {"registration": str(row.code), "telling": browser.read[0]["telling"]}
    for stage in ("received", "shown", "acknowledged"):
        assert await run(receive)(body | {"stage": stage}, "a secret of the app") == 204
    assert await run(ledger)(telling, "webpush") == ["received_at", "shown_at", "acknowledged_at"]
    assert await run(receive)(body | {"stage": "shown"}, "a guess") == 403


async def test_a_subscription_that_is_over_ends_and_a_busy_service_is_asked_later(
    town: People, browser: PushService, hand: Any
) -> None:
    gone = await run(in_browser)(town.sora, browser, "gone-1")
    await run(in_browser)(town.sora, browser, "slow1-1")
    await run(told)(town.sora)
    await send()
    await gone.arefresh_from_db()
    assert gone.ended_because == "dead address"
    assert (await Failure.objects.aget()).reason == "http_410"
    assert not browser.read
    hand.move(timedelta(minutes=2))
    await send()
    assert browser.asked == {"gone-1": 1, "slow1-1": 2}
    assert len(browser.read) == 1


# ---------------------------------------------------------------- mail


@pytest.fixture
async def mail(settings: Any) -> AsyncIterator[MailServer]:
    server = MailServer()
    await server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    await server.stop()


async def test_the_link_in_a_mail_acknowledges_and_looking_at_it_does_not(
    town: People, mail: MailServer
) -> None:
    telling = await run(told)(town.jiwoo)
    await send()
    (sent,) = mail.mails
    assert sent["To"] == "jiwoo@dalbit.example"
    assert sent["Subject"] == "홍수"
    text = sent.get_content()
    (token,) = re.findall(r"/api/v1/notify/receipts/(\S+)", text)
    link = f"{RECEIPTS}/{token}"
    page = await run(Client().get)(link)
    assert (page.status_code, await run(ledger)(telling, "email")) == (200, [])
    assert (await run(Client().post)(f"{link}x")).status_code == 400
    assert await run(ledger)(telling, "email") == []
    await run(Client().post)(link)
    reached = await run(ledger)(telling, "email")
    assert reached == ["received_at", "shown_at", "acknowledged_at"]


async def test_a_mailbox_that_is_none_is_a_failure_and_a_full_one_waits(
    town: People, mail: MailServer, hand: Any
) -> None:
    for person, address in ((town.jiwoo, "unknown"), (town.minjun, "full")):
        contacts = Contact.objects.filter(person=person, kind="email")
        await contacts.aupdate(value=f"{address}@dalbit.example")
        await run(told)(person, key=address)
    await send()
    (failure,) = [one async for one in Failure.objects.all()]
    assert (failure.recipient, failure.reason) == (town.jiwoo.pk, "smtp_550")
    await Contact.objects.filter(person=town.minjun, kind="email").aupdate(
        value="minjun@dalbit.example"
    )
    hand.move(timedelta(minutes=1))
    await send()
    assert [one["To"] for one in mail.mails] == ["minjun@dalbit.example"]


# ---------------------------------------------------------------- texts and calls


@pytest.fixture
async def phones(settings: Any) -> AsyncIterator[PhonePeer]:
    settings.PHONE_PEER_SECRET = "of both"
    peer = PhonePeer("of both", report=report)
    await peer.server.start()
    settings.SMS_URL, settings.VOICE_URL = peer.sms_url, peer.voice_url
    yield peer
    await peer.server.stop()


async def report(reference: str, stage: str) -> None:
    assert await run(receive)({"token": reference, "stage": stage}) == 204


async def talked_out(peer: PhonePeer) -> None:
    """Until whoever picked up has hung up."""
    for talk in list(peer._talks):
        await talk


async def test_halmeoni_is_called_hears_it_and_presses_one(town: People, phones: PhonePeer) -> None:
    await run(agree)(town.halmeoni, alerts_by_voice=True)
    telling = await run(told)(town.halmeoni)
    await send()
    await talked_out(phones)
    (call,) = phones.calls
    assert call["to"] == "+82310000103"
    assert call["language"] == "ko"
    assert call["speech"].startswith("홍수입니다. 높은 곳으로.")
    reached = await run(ledger)(telling, "voice")
    assert reached == ["received_at", "shown_at", "acknowledged_at"]
    assert not phones.texts


async def test_whoever_saw_nothing_gets_a_text_and_then_a_call(
    town: People, phones: PhonePeer
) -> None:
    await run(register)(town.ben, locale="en")
    await run(agree)(town.ben, alerts_by_sms=True, alerts_by_voice=True)
    phones.report = None
    telling = await run(told)(town.ben)
    await Chunk.objects.filter(transport="fcm").aupdate(settled_at=clock.now())
    await send()
    assert not phones.texts
    for step in (0, 1):
        await run(escalate)({"telling": telling.pk, "step": step})
        await send()
    assert [text["text"] for text in phones.texts] == ["Flood. Go upstairs."]
    assert [call["to"] for call in phones.calls] == ["+447700900109"]


async def test_whoever_read_the_text_is_not_called(town: People, phones: PhonePeer) -> None:
    await run(agree)(town.halmeoni, alerts_by_sms=True)
    telling = await run(told)(town.halmeoni)
    await send()
    await talked_out(phones)
    assert len(phones.texts) == 1
    assert await run(ledger)(telling, "sms") == ["received_at", "shown_at"]
    await run(agree)(town.halmeoni, alerts_by_voice=True)
    await run(escalate)({"telling": telling.pk, "step": 1})
    await send()
    assert not phones.calls


async def test_a_busy_line_is_tried_again_and_rings_once(
    town: People, phones: PhonePeer, hand: Any
) -> None:
    await run(agree)(town.halmeoni, alerts_by_voice=True)
    phones.busy = 1
    await run(told)(town.halmeoni)
    await send()
    assert not phones.calls
    hand.move(timedelta(minutes=1))
    await send()
    await Chunk.objects.filter(transport="voice").aupdate(
        settled=b"", accepted=0, settled_at=None
    )  # as after a crash before the ledger was written
    await send()
    await talked_out(phones)
    assert len(phones.calls) == 1


async def test_a_secret_that_differs_pages_staff_and_loses_nothing(
    town: People, phones: PhonePeer, settings: Any
) -> None:
    settings.PHONE_PEER_SECRET = "of one"
    await run(agree)(town.halmeoni, alerts_by_voice=True)
    await run(told)(town.halmeoni)
    await send()
    assert (await Budget.objects.aget(name="voice:life")).trouble == "http_401"
    assert await Chunk.objects.waiting().filter(transport="voice").acount() == 1
    assert not phones.calls
