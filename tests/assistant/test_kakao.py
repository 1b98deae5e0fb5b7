"""Kakao: an answer in time, whatever happens; payloads built from the documented fields."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, connections
from django.test import Client

from apps.accounts.models import User
from apps.assistant.channels.kakao.channel import answer_of
from apps.assistant.channels.kakao.transport import is_allowed
from apps.assistant.core.messages import Card, Output
from apps.assistant.models import ChannelIdentity, Conversation, InboundEvent, Turn
from apps.assistant.rest import kakao as door
from apps.assistant.services import pace
from apps.assistant.services.conversing import _LOCKS
from apps.assistant.services.handovers import say_as_staff, take_over
from apps.assistant.skills.registry import skills
from apps.base.limits import Bucket
from apps.base.screens import site_screen
from apps.notify.process import Sender
from tests.assistant import umbrella
from tests.assistant.line_peer import Peer, peer
from tests.support.registries import only, registered

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/api/v1/assistant/channels/kakao/skill"
SECRET = "only for tests"
MAIL = "lee@dalbit.example"


@pytest.fixture
def kakao(settings: Any) -> Iterator[Peer]:
    umbrella.performed.clear()
    settings.KAKAO_SECRET = SECRET
    with (
        peer() as one,
        only(skills),
        registered(skills, "umbrella", "tests.assistant.umbrella.umbrella"),
        registered(skills, "weather", "tests.assistant.umbrella.weather"),
    ):
        settings.KAKAO_CALLBACK_HOSTS = ["127.0.0.1"]
        yield one


def payload(utterance: str, *, token: str = "", callback: str = "") -> dict[str, Any]:
    """A skill payload with the fields of Kakao's documentation, version 2.0."""
    return {
        "intent": {"id": "i1", "name": "폴백 블록"},
        "userRequest": {
            "timezone": "Asia/Seoul", "params": {"ignoreMe": "true"},
            "block": {"id": "b1", "name": "폴백 블록"}, "utterance": utterance, "lang": "en",
            "user": {"id": "u-83a1", "type": "botUserKey", "properties": {}},
            **({"callbackUrl": callback} if callback else {}),
        },
        "bot": {"id": "bot1", "name": "Dalbit"},
        "action": {"id": "a1", "name": "talk", "params": {}, "detailParams": {},
                   "clientExtra": {"token": token} if token else None},
    }  # fmt: skip


def post(told: dict[str, Any], secret: str = SECRET) -> Any:
    return Client().post(
        PATH, json.dumps(told), content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )  # fmt: skip


def said(answer: Any) -> list[str]:
    body = answer.json()
    assert body["version"] == "2.0"
    return [part["simpleText"]["text"] for part in body["template"]["outputs"]]


def test_it_answers_with_outputs_and_quick_replies(kakao: Peer) -> None:
    body = post(payload("hello there my friend")).json()
    assert len(body["template"]["outputs"]) <= 3
    replies = body["template"]["quickReplies"]
    assert len(replies) <= 10
    first = {"label": "a lost umbrell", "action": "message", "messageText": "a lost umbrella"}
    assert replies[0] == first


def test_what_stands_on_a_quick_reply_comes_back_as_words(kakao: Peer) -> None:
    post(payload("hello there my friend"))
    assert said(post(payload("a lost umbrella"))) == ["Where?"]


def test_with_a_block_of_its_own_the_token_comes_back(kakao: Peer, settings: Any) -> None:
    settings.KAKAO_BLOCK = "block-1"
    reply = post(payload("hello there my friend")).json()["template"]["quickReplies"][0]
    assert (reply["action"], reply["blockId"]) == ("block", "block-1")
    assert said(post(payload("whatever", token=reply["extra"]["token"]))) == ["Where?"]


def test_the_same_request_again_gets_the_same_answer(kakao: Peer) -> None:
    asked = payload("hello there my friend", callback=f"{kakao.url}/callback/1")
    first = said(post(asked))
    assert said(post(asked)) == first
    assert Turn.objects.filter(side="citizen").count() == 1


class Held:
    """Keeps one person's conversation busy, as a slow answer would."""

    def __enter__(self) -> None:
        identity = ChannelIdentity.objects.get(channel="kakao")
        self._cursor = connection.cursor()
        self._cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCKS, identity.pk])
        self._pk = identity.pk

    def __exit__(self, *_: object) -> None:
        self._cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS, self._pk])


def post_apart(told: dict[str, Any]) -> Any:
    """From a thread of its own: the lock is this connection's."""

    def do() -> Any:
        try:
            return post(told)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(do).result()


def settle_down() -> None:
    """Until every message is answered; the threads that were late need a moment."""
    for _ in range(200):
        if not InboundEvent.objects.waiting().exists():
            return
        time.sleep(0.05)
    raise AssertionError("a message was never answered")


def test_a_late_answer_goes_to_the_callback_once(kakao: Peer, monkeypatch: Any) -> None:
    post(payload("hello there my friend"))
    monkeypatch.setattr(door, "BUDGET_S", 0.2)
    with Held():
        answer = post_apart(payload("a lost umbrella", callback=f"{kakao.url}/callback/2"))
    assert answer.json()["useCallback"] is True
    settle_down()
    for _ in range(40):
        async_to_sync(_dry)()
        if kakao.said:
            break
        time.sleep(0.05)
    [(path, body, _headers)] = kakao.said
    assert path == "/callback/2"
    assert body["template"]["outputs"][0]["simpleText"]["text"] == "Where?"
    assert said(post(payload("Lake Park"))) == ["Which colour?"]


async def _dry() -> None:
    await Sender().run_dry()


def test_without_a_callback_it_is_said_with_the_next_answer(kakao: Peer, monkeypatch: Any) -> None:
    post(payload("hello there my friend"))
    monkeypatch.setattr(door, "BUDGET_S", 0.2)
    with Held():
        answer = post_apart(payload("a lost umbrella"))
    assert "not forgotten" in said(answer)[0]
    settle_down()
    monkeypatch.setattr(door, "BUDGET_S", 20)
    assert said(post(payload("Lake Park"))) == ["Where?", "Which colour?"]


def test_what_staff_wrote_is_said_with_the_next_answer_and_once(kakao: Peer) -> None:
    post(payload("hello there my friend"))
    code, lee = str(Conversation.objects.get().code), User.objects.create_superuser(MAIL)
    take_over(conversation=code, user=lee)
    say_as_staff(conversation=code, user=lee, text="We are on it.")
    assert said(post(payload("is anybody there?")))[-1] == "We are on it."
    assert said(post(payload("hello?"))) == ["…"]


@pytest.mark.parametrize("secret", ["", "wrong"])
def test_whoever_does_not_know_the_secret_is_refused(kakao: Peer, secret: str) -> None:
    assert post(payload("hello"), secret=secret).status_code == 403
    assert not InboundEvent.objects.exists()


def test_what_is_no_payload_is_refused(kakao: Peer) -> None:
    assert post({"userRequest": {"utterance": "hello"}}).status_code == 400
    assert post(payload("a" * 70_000)).status_code == 413


def test_an_empty_utterance_is_silence(kakao: Peer) -> None:
    assert post(payload(" ")).status_code == 200
    assert Turn.objects.get(side="citizen").kind == "silence"


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://bot-api.kakao.com/v1/bots/x/callback?token=1", True),
        ("http://bot-api.kakao.com/v1", False),
        ("https://kakao.com.example/x", False),
        ("https://evil.example/kakao.com", False),
        ("http://169.254.169.254/latest", False),
        ("", False),
    ],
)
def test_only_kakao_is_called_back(address: str, allowed: bool) -> None:
    assert is_allowed(address) is allowed


def test_who_writes_too_fast_is_asked_to_wait_once(kakao: Peer, monkeypatch: Any) -> None:
    monkeypatch.setattr(pace, "bucket", Bucket(2))
    for _ in range(2):
        post(payload("hello there my friend"))
    assert "faster than I can read" in said(post(payload("and another thing")))[0]
    assert said(post(payload("and another thing")))[0] == "…"
    assert "119" in said(post(payload("help, the house is on fire")))[0]
    assert not InboundEvent.objects.waiting().exists()


def test_a_card_leads_into_the_app(settings: Any) -> None:
    settings.PUBLIC_URL = "https://dalbit.example"
    card = Card(title="Station Yard", text="3 spaces free", link=site_screen("yard"))
    [told] = answer_of([Output(card=card)], None)["template"]["outputs"]
    [button] = told["textCard"]["buttons"]
    assert button["webLinkUrl"] == "https://dalbit.example/#/parking/yard"
