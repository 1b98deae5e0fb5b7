"""The channels by kind: web chat, Kakao, LINE … A new one is a folder here and one line."""

from typing import ClassVar, Protocol

from apps.assistant.core.messages import Abilities
from apps.base.registry import Registry


class Channel(Protocol):
    """What the conversation must know of a channel; its door is a shell of its own."""

    kind: ClassVar[str]
    abilities: ClassVar[Abilities]


channels: Registry[Channel] = Registry("chat channel")
