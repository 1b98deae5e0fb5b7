"""The web chat's socket: what is taken is answered once, and a window that comes back sees all."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.db import database_sync_to_async

from apps.assistant.models import ChannelIdentity, InboundEvent, Turn
from apps.assistant.skills.registry import skills
from citizen.asgi import application
from tests.assistant import umbrella
from tests.support.asgi import Socket
from tests.support.registries import only, registered

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/ws/assistant/chat/"


class Window:
    """An open chat window: its rows by id, as the web app keeps them."""

    def __init__(self) -> None:
        self.socket = Socket(application, PATH)
        self.rows: dict[str, dict[str, Any]] = {}
        self.token = ""

    async def open(self, token: str = "") -> None:
        assert await self.socket.connect()
        await self.socket.send({"open": {"token": token, "language": "en"}})
        opened = await self.socket.receive()
        assert opened["type"] == "opened"
        self.token = opened["token"]
        await self._hear("snapshot")

    async def _hear(self, *kinds: str) -> dict[str, Any]:
        message: dict[str, Any] = await self.socket.receive()
        assert message["type"] in kinds, message
        for row in message.get("rows", ()):
            self.rows[row["id"]] = row
        return message

    async def say(self, told: str = "", **what: Any) -> None:
        """Send, and wait until it is taken and answered; both may come in any order."""
        await self.socket.send({"id": told or uuid.uuid4().hex, **what})
        heard = {(await self._hear("taken", "delta"))["type"] for _ in range(2)}
        assert heard == {"taken", "delta"}

    @property
    def last(self) -> dict[str, Any]:
        return max(self.rows.values(), key=lambda row: row["number"])

    async def close(self) -> None:
        await self.socket.close()


@pytest.fixture
async def window() -> AsyncIterator[Window]:
    with (
        only(skills),
        registered(skills, "umbrella", "tests.assistant.umbrella.umbrella"),
        registered(skills, "weather", "tests.assistant.umbrella.weather"),
    ):
        umbrella.performed.clear()
        made = Window()
        await made.open()
        yield made
        await made.close()


async def test_a_form_by_words_buttons_and_a_pin(window: Window) -> None:
    await window.say(text="hello")
    button = next(b for b in window.last["buttons"] if b["label"] == "a lost umbrella")
    await window.say(token=button["token"])
    assert window.last["ask_location"]
    await window.say(place={"lon": 126.77, "lat": 37.66, "label": "Lake Park"})
    assert window.last["text"] == "Which colour?"
    assert [b["label"] for b in window.last["buttons"]] == ["red", "blue"]


async def test_a_window_that_comes_back_sees_what_it_saw(window: Window) -> None:
    await window.say(text="hello")
    await window.say(text="what now")
    again = Window()
    await again.open(window.token)
    assert {k: r["text"] for k, r in again.rows.items()} == {
        k: r["text"] for k, r in window.rows.items()
    }
    await again.close()


async def test_the_same_message_again_is_answered_once(window: Window) -> None:
    await window.say("one", text="hello")
    await window.socket.send({"id": "one", "text": "hello"})
    assert (await window.socket.receive())["type"] == "taken"
    assert await database_sync_to_async(InboundEvent.objects.count)() == 1
    assert await database_sync_to_async(Turn.objects.filter(side="citizen").count)() == 1


async def test_nobody_follows_another_chat(window: Window) -> None:
    other = Window()
    await other.open()
    topic = await database_sync_to_async(
        lambda: ChannelIdentity.objects.order_by("pk").values_list("identity", flat=True).first()
    )()
    live = Socket(application, "/ws/live/")
    assert await live.connect()
    await live.send({"subscribe": f"assistant.chat:{topic}"})
    assert (await live.receive())["problem"]["status"] == 403
    await live.close()
    await other.close()


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"id": "x"}, 400),
        ({"id": "x", "text": "a", "token": "b"}, 400),
        ({"id": "x", "choice": "skill:umbrella"}, 400),
        ({"id": "x", "nonsense": 1}, 400),
        ({"id": "x", "text": "a" * 20_000}, 413),
    ],
)
async def test_what_makes_no_sense_is_refused(
    window: Window, told: dict[str, Any], status: int
) -> None:
    await window.socket.send(told)
    answer = await window.socket.receive()
    assert (answer["type"], answer["problem"]["status"]) == ("problem", status)


async def test_nothing_is_taken_before_the_chat_is_open(db: None) -> None:
    socket = Socket(application, PATH)
    assert await socket.connect()
    await socket.send({"id": "x", "text": "hello"})
    assert (await socket.receive())["problem"]["status"] == 403
    await socket.close()
