"""LINE: signed, each event once, in order, and answered through the outbox."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client

from apps.assistant.models import InboundEvent, Turn
from apps.assistant.services import pace
from apps.assistant.skills.registry import skills
from apps.base import clock, work
from apps.base.clock import Hand
from apps.base.limits import Bucket
from apps.notify.models import Chunk
from apps.notify.process import Sender
from tests.assistant import umbrella
from tests.assistant.line_peer import Peer, peer
from tests.support.registries import only, registered

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/api/v1/assistant/channels/line/webhook"
SECRET = "only for tests"


@pytest.fixture
def line(settings: Any) -> Iterator[Peer]:
    umbrella.performed.clear()
    with (
        peer() as one,
        only(skills),
        registered(skills, "umbrella", "tests.assistant.umbrella.umbrella"),
        registered(skills, "weather", "tests.assistant.umbrella.weather"),
    ):
        settings.LINE_SECRET, settings.LINE_TOKEN = SECRET, "token"
        settings.LINE_URL = settings.LINE_DATA_URL = one.url
        yield one


def event(number: int, **what: Any) -> dict[str, Any]:
    """One event with the fields of LINE's documentation."""
    said = what or {"message": {"id": str(number), "type": "text", "text": "hello there my friend"}}
    return {
        "type": "postback" if "postback" in said else "message",
        "mode": "active",
        "timestamp": 1_700_000_000_000 + number,
        "source": {"type": "user", "userId": "U4af4980629"},
        "webhookEventId": f"01FZ{number:08d}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"reply-{number}",
        **said,
    }


def text(number: int, words: str) -> dict[str, Any]:
    return event(number, message={"id": str(number), "type": "text", "text": words})


def post(*events: dict[str, Any], secret: str = SECRET) -> int:
    body = json.dumps({"destination": "U0", "events": events}).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    answer = Client().post(
        PATH, body, content_type="application/json",
        headers={"X-Line-Signature": base64.b64encode(digest).decode()},
    )  # fmt: skip
    return answer.status_code


def work_and_send() -> None:
    work.sweep()
    async_to_sync(_dry)()


async def _dry() -> None:
    await Sender().run_dry()


def test_a_message_is_answered_by_its_reply_token(line: Peer, hand: Hand) -> None:
    assert post(event(1)) == 200
    work_and_send()
    [(path, body, headers)] = line.said
    assert path == "/v2/bot/message/reply"
    assert body["replyToken"] == "reply-1"
    assert headers["Authorization"] == "Bearer token"
    labels = [item["action"]["label"] for item in body["messages"][-1]["quickReply"]["items"]]
    assert "a lost umbrella" in labels
    assert all(
        len(item["action"].get("data", "")) <= 300
        for item in body["messages"][-1]["quickReply"]["items"]
    )


def test_a_button_comes_back_as_a_postback(line: Peer, hand: Hand) -> None:
    post(event(1))
    work_and_send()
    items = line.said[0][1]["messages"][-1]["quickReply"]["items"]
    data = next(i["action"]["data"] for i in items if i["action"]["label"] == "a lost umbrella")
    post(event(2, postback={"data": data}))
    work_and_send()
    message = line.said[1][1]["messages"][-1]
    assert message["text"] == "Where?"
    assert message["quickReply"]["items"][-1]["action"]["type"] == "location"


def test_a_location_is_a_place(line: Peer, hand: Hand) -> None:
    post(text(1, "a lost umbrella"))
    post(text(2, "hello"))
    where = {"id": "3", "type": "location", "title": "Lake Park", "address": "x",
             "latitude": 37.66, "longitude": 126.77}  # fmt: skip
    work_and_send()
    line.said.clear()
    post(text(4, "a lost umbrella"))
    post(event(5, message=where))
    work_and_send()
    texts = [body["messages"][-1]["text"] for _path, body, _headers in line.said]
    assert sorted(texts) == ["Where?", "Which colour?"]


def test_an_old_token_makes_it_a_push_that_line_takes_once(line: Peer, hand: Hand) -> None:
    line.answers = [400, 500, 400]
    post(event(1))
    work_and_send()
    assert [path for path, _body, _headers in line.said] == [
        "/v2/bot/message/reply", "/v2/bot/message/push",
    ]  # fmt: skip
    Chunk.objects.update(due_at=clock.now())
    work_and_send()
    keys = [headers["X-Line-Retry-Key"] for path, _b, headers in line.said if "push" in path]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_delivered_again_and_shuffled_each_event_counts_once_and_in_order(line: Peer) -> None:
    events = [text(n, f"message number {n} of mine") for n in range(1, 6)]
    post(events[3], events[0], events[4])
    post(events[1], events[0], events[2], events[3])
    post(*events)
    assert InboundEvent.objects.count() == 5
    work_and_send()
    turns = Turn.objects.filter(side="citizen").order_by("number")
    assert [turn.text for turn in turns] == [f"message number {n} of mine" for n in range(1, 6)]
    assert not InboundEvent.objects.waiting().exists()


def test_a_photo_is_fetched_and_what_is_none_is_passed_over(line: Peer) -> None:
    line.content = b"no photo at all"
    post(event(1, message={"id": "9", "type": "image", "contentProvider": {"type": "line"}}))
    work_and_send()
    assert Turn.objects.get(side="citizen").kind == "silence"


@pytest.mark.parametrize("secret", ["another", ""])
def test_a_forged_signature_is_refused_and_keeps_nothing(line: Peer, secret: str) -> None:
    assert post(event(1), secret=secret) == 403
    assert not InboundEvent.objects.exists()


def test_a_signed_body_that_is_no_webhook_is_refused(line: Peer) -> None:
    body = b'{"events": [{"type": 1}]}'
    digest = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
    answer = Client().post(
        PATH, body, content_type="application/json", headers={"X-Line-Signature": digest}
    )
    assert answer.status_code == 400


def test_without_a_secret_the_door_is_shut(line: Peer, settings: Any) -> None:
    settings.LINE_SECRET = ""
    assert post(event(1), secret="") == 403


def test_who_writes_too_fast_is_asked_to_wait_once(line: Peer, monkeypatch: Any) -> None:
    monkeypatch.setattr(pace, "bucket", Bucket(2))
    assert post(*(text(n, f"message number {n} of mine") for n in range(1, 6))) == 200
    work_and_send()
    asked = [body["messages"][0]["text"] for _path, body, _headers in line.said]
    assert sum("faster than I can read" in words for words in asked) == 1
    assert not InboundEvent.objects.waiting().exists()
    assert post(text(1, "message number 1 of mine")) == 200  # again, and known
    assert Turn.objects.filter(side="citizen").count() == 5
