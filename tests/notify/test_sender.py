"""The sender against a loopback that speaks OAuth and FCM's HTTP v1 over TLS and gives every
answer, slowly, or none."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.core.cache import cache
from django.db import connections

from apps.base import clock
from apps.base.hot import close_pool
from apps.notify.core import bitmaps
from apps.notify.kinds.fcm import transport as fcm_transport
from apps.notify.models import Budget, Chunk, Failure, InboxItem, Registration, Telling
from apps.notify.process import Sender
from apps.notify.services import Content, Lane, Message, tell
from apps.notify.services.outbox import claim, note
from apps.notify.services.stopping import stop_tellings
from citizen.demo.peers.certificates import make_account, make_certificate
from citizen.demo.peers.fcm import FcmPeer
from tests.notify.conftest import register
from tests.support.world import People

pytestmark = pytest.mark.django_db(transaction=True)
run = database_sync_to_async
WORDS = {"en": Content(title="Flood", body="Go upstairs.")}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def peer(
    certificate: tuple[Path, Path], tmp_path: Path, settings: Any
) -> AsyncIterator[FcmPeer]:
    peer = FcmPeer(keep_bodies=True)
    await peer.server.start(certificate)
    settings.FCM_URL, settings.FCM_CA_FILE = peer.url, str(certificate[0])
    settings.FCM_ACCOUNT_FILE = str(make_account(tmp_path, token_uri=peer.token_uri))
    yield peer
    await peer.server.stop()


@pytest.fixture(autouse=True)
async def _signed_out() -> AsyncIterator[None]:
    cache.clear()
    yield
    await close_pool()
    await sync_to_async(connections.close_all)()  # the asynchronous ORM's thread keeps its own


def tell_apps(*names: str, lane: Lane = Lane.LIFE_SAFETY, key: str = "k", **more: Any) -> Telling:
    """A telling with one chunk for apps whose FCM tokens have these names."""
    apps = [register(at=None, address=name, locale="en") for name in names]
    message = Message(contents=WORDS, critical=True, **more)
    telling = Telling.objects.create(
        key=key, cause=key, lane=lane, category="alert", tag="tag", version=3,
        contents={"en": {"title": "Flood", "body": "Go upstairs."}}, data={"alert": "a1"},
        critical=message.critical, expires_at=clock.now() + timedelta(hours=1),
        created_at=clock.now(),
    )  # fmt: skip
    Chunk.objects.create(
        telling=telling, transport="fcm", language="en", number=1, lane=lane,
        recipients=[app.pk for app in apps], due_at=clock.now(),
    )  # fmt: skip
    return telling


async def send() -> None:
    await Sender().run_dry()


async def chunk() -> Chunk:
    return await Chunk.objects.aget()


async def test_it_sends_each_token_once_and_settles_the_chunk(town: People, peer: FcmPeer) -> None:
    await run(tell_apps)("ok-1", "ok-2", "ok-3")
    await send()
    assert peer.taken == {"ok-1": 1, "ok-2": 1, "ok-3": 1}
    done = await chunk()
    assert (done.accepted, done.failed, bitmaps.count(bytes(done.settled))) == (3, 0, 3)
    assert done.settled_at is not None
    assert peer.sign_ins == 1


async def test_a_message_carries_what_a_device_needs_to_show_it_once(
    town: People, peer: FcmPeer
) -> None:
    telling = await run(tell_apps)("ok-1")
    await send()
    message = json.loads(peer.bodies[0])["message"]
    assert message["token"] == "ok-1"
    assert message["data"] == {
        "alert": "a1", "telling": str(telling.code), "tag": "tag", "version": "3",
        "category": "alert",
    }  # fmt: skip
    assert message["android"]["notification"]["tag"] == "tag"
    assert message["apns"]["headers"]["apns-collapse-id"] == "tag"
    assert message["apns"]["payload"]["aps"]["sound"]["critical"] == 1


DEAD = {
    "gone-1": "unregistered", "shape-1": "invalid_token", "stranger-1": "sender_id_mismatch",
    "teapot-1": "http_418",
}  # fmt: skip


async def test_dead_tokens_end_their_registrations(town: People, peer: FcmPeer) -> None:
    await run(tell_apps)(*DEAD, "ok-1")
    await send()
    assert peer.taken == {"ok-1": 1}
    addresses = {r.pk: r.address async for r in Registration.objects.all()}
    failures = {addresses[f.recipient]: f.reason async for f in Failure.objects.all()}
    assert failures == DEAD
    live = {r.address async for r in Registration.objects.live()}
    assert live == {"ok-1", "teapot-1"}


async def test_what_may_pass_is_tried_again_later_and_not_sooner(
    town: People, peer: FcmPeer, hand: Any
) -> None:
    passing = ("busy1-1", "broken1-1", "html1-1", "moved1-1", "device1-1")
    await run(tell_apps)(*passing, "ok-1")
    await send()
    waiting = await chunk()
    assert waiting.settled_at is None
    assert waiting.due_at > clock.now()
    await send()
    assert all(peer.asked[name] == 1 for name in passing)
    hand.move(timedelta(minutes=2))
    await send()
    assert all((peer.asked[name], peer.taken[name]) == (2, 1) for name in passing)
    assert (peer.asked["ok-1"], (await chunk()).accepted) == (1, 6)


async def test_after_too_many_requests_nothing_goes_before_the_time_it_was_told(
    town: People, peer: FcmPeer
) -> None:
    await run(tell_apps)("quota-1", *(f"ok-{n}" for n in range(20)))
    await run(tell_apps)(*(f"ok-a{n}" for n in range(20)), key="other")
    await send()
    refused = peer.asked["quota-1"]
    asked = sum(peer.asked.values())
    await send()
    assert refused == 1
    assert sum(peer.asked.values()) == asked
    budgets = [b async for b in Budget.objects.all()]
    assert all(budget.paused_until for budget in budgets)


async def test_a_message_that_google_refuses_stops_the_whole_telling(
    town: People, peer: FcmPeer
) -> None:
    telling = await run(tell_apps)("payload-1")
    await send()
    await telling.arefresh_from_db()
    assert telling.stopped_at is not None
    assert (await chunk()).settled_at is not None
    await send()
    assert peer.asked["payload-1"] == 1


async def test_authentication_trouble_is_noted_for_staff(town: People, peer: FcmPeer) -> None:
    for name in ("apns-1", "disabled-1", "project-1"):
        await Budget.objects.all().adelete()
        await run(tell_apps)(name, key=name)
        await send()
        assert (await Budget.objects.aget(name="fcm:life")).trouble
    assert await Chunk.objects.waiting().acount() == 3


async def test_a_revoked_access_token_is_fetched_anew_once_for_all(
    town: People, peer: FcmPeer
) -> None:
    await run(tell_apps)(*(f"ok-{n}" for n in range(30)))
    await send()
    peer.revoke_tokens()
    await run(tell_apps)(*(f"ok-b{n}" for n in range(30)), key="other")
    await send()
    assert sum(peer.taken.values()) == 60
    assert peer.sign_ins == 2
    await run(tell_apps)("ok-c1", key="third")
    await send()  # another sender, the same access token
    assert peer.sign_ins == 2


async def test_a_refused_sign_in_loses_nothing(town: People, peer: FcmPeer) -> None:
    peer.refuses_sign_in = True
    await run(tell_apps)("ok-1")
    await send()
    assert not peer.asked
    assert (await chunk()).settled_at is None


async def test_no_answer_is_not_a_loss(
    town: People, peer: FcmPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fcm_transport, "TIMEOUT_S", 0.2)
    await run(tell_apps)("silent1-1", "ok-1")
    await send()
    waiting = await chunk()
    assert (waiting.accepted, waiting.settled_at) == (1, None)


async def test_without_an_account_it_waits_and_says_so(town: People, settings: Any) -> None:
    settings.FCM_ACCOUNT_FILE = ""
    await run(tell_apps)("ok-1")
    await send()
    assert (await chunk()).settled_at is None
    assert (await Budget.objects.aget(name="fcm:life")).trouble == "not_set_up"


async def test_life_safety_goes_first_whatever_waited_longer(town: People, peer: FcmPeer) -> None:
    for n in range(4):
        await run(tell_apps)(f"ok-news{n}", lane=Lane.INFORMATION, key=f"news{n}")
    await run(tell_apps)("ok-flood", key="flood")
    taken = await claim(Sender().lease, limit=2, max_lane=Lane.INFORMATION, held=(), ours=())
    assert [held.parcel.lane for held in taken] == [Lane.LIFE_SAFETY, Lane.INFORMATION]


async def test_two_senders_never_hold_one_chunk(town: People, peer: FcmPeer) -> None:
    await run(tell_apps)("ok-1")
    both = await asyncio.gather(
        *(
            claim(Sender().lease, limit=5, max_lane=Lane.INFORMATION, held=(), ours=())
            for _ in range(2)
        )
    )
    assert sorted(len(taken) for taken in both) == [0, 1]


async def test_a_sender_whose_lease_ran_out_can_no_longer_write(
    town: People, peer: FcmPeer
) -> None:
    first, second = Sender(), Sender()
    await run(tell_apps)("ok-1")
    (held,) = await claim(first.lease, limit=1, max_lane=Lane.INFORMATION, held=(), ours=())
    await Chunk.objects.aupdate(lease_until=clock.now() - timedelta(days=9999))
    (again,) = await claim(second.lease, limit=1, max_lane=Lane.INFORMATION, held=(), ours=())
    assert again.id == held.id
    assert await note(first.lease, [held]) == set()
    assert await note(second.lease, [again]) == {again.id}


async def test_a_crash_is_no_failed_attempt_and_makes_nobody_wait_longer(
    town: People, peer: FcmPeer
) -> None:
    await run(tell_apps)("busy1-1")
    for _crash in range(6):
        (held,) = await claim(Sender().lease, limit=1, max_lane=Lane.INFORMATION, held=(), ours=())
        assert held.parcel.attempt == 0
        await Chunk.objects.aupdate(lease_until=clock.now() - timedelta(days=9999))
    await send()
    waiting = await chunk()
    assert (waiting.attempts, waiting.settled_at) == (1, None)
    assert waiting.due_at - clock.now() <= timedelta(seconds=15)


async def test_what_was_settled_before_a_crash_is_not_sent_again(
    town: People, peer: FcmPeer
) -> None:
    await run(tell_apps)("ok-0", "ok-1", "ok-2")
    await Chunk.objects.aupdate(settled=bytes([0b101]), accepted=2)
    await send()
    assert peer.taken == {"ok-1": 1}
    assert (await chunk()).accepted == 3


async def test_staff_stop_a_telling(town: People, peer: FcmPeer) -> None:
    await run(tell_apps)("ok-1")
    await run(stop_tellings)(cause="k", actor="park")
    await send()
    assert not peer.asked


async def test_what_expired_is_not_sent(town: People, peer: FcmPeer, hand: Any) -> None:
    await run(tell_apps)("ok-1")
    hand.move(timedelta(hours=2))
    await send()
    assert not peer.asked
    assert (await Failure.objects.aget()).reason == "expired"


async def test_the_inbox_is_filled_and_mail_is_sent(town: People, mailoutbox: list[Any]) -> None:
    message = Message(contents=WORDS, category="ride")
    await run(tell)(to=town.jiwoo, message=message, lane=Lane.SERVICE, key="ride")
    await send()
    assert [mail.to for mail in mailoutbox] == [["jiwoo@dalbit.example"]]
    assert "Go upstairs." in mailoutbox[0].body
    assert (await InboxItem.objects.aget()).person_id == town.jiwoo.pk
