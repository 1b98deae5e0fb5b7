"""A citizen who talks by the test channel about a lost umbrella."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from apps.assistant.channels.registry import channels
from apps.assistant.core.messages import Inbound, Output, Place
from apps.assistant.models import Conversation, InboundEvent
from apps.assistant.services.buttons import token_for
from apps.assistant.services.conversing import converse
from apps.assistant.skills.registry import skills
from apps.base import clock
from tests.assistant import umbrella
from tests.support.registries import only, registered

_numbers = count(1)


@dataclass
class Citizen:
    """Says one thing after the other, as a phone would; `said` is what came back last."""

    identity: str = "sora"
    channel: str = "test"
    language: str = "en"
    said: list[Output] = field(default_factory=list)

    def send(self, **what: Any) -> str:
        what.setdefault("event_id", f"e{next(_numbers)}")
        what.setdefault("language", self.language)
        inbound = Inbound(
            channel=self.channel, identity=self.identity, received_at=clock.now(), **what
        )
        self.said = converse(inbound)
        return self.text

    def say(self, text: str) -> str:
        return self.send(text=text)

    def press(self, label: str) -> str:
        button = next(b for one in self.said for b in one.buttons if b.label == label)
        return self.send(token=token_for(button, self.conversation))

    def pin(self, label: str) -> str:
        return self.send(place=Place(126.7, 37.6, label))

    @property
    def text(self) -> str:
        return " | ".join(one.text for one in self.said)

    @property
    def conversation(self) -> Conversation:
        return Conversation.objects.get(identity__identity=self.identity, ended_at=None)

    @property
    def events(self) -> Any:
        return InboundEvent.objects.filter(identity__identity=self.identity)


@pytest.fixture
def sora(db: None) -> Iterator[Citizen]:
    umbrella.performed.clear()
    umbrella.failing.clear()
    with (
        registered(channels, "test", "tests.assistant.umbrella.channel"),
        only(skills),
        registered(skills, "umbrella", "tests.assistant.umbrella.umbrella"),
        registered(skills, "weather", "tests.assistant.umbrella.weather"),
    ):
        yield Citizen()
