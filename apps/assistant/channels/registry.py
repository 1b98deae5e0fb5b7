"""The channels by kind: web chat, Kakao, LINE … A new one is a folder here and one line."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Protocol

from apps.assistant.core.messages import Abilities
from apps.assistant.models import Conversation, Turn
from apps.base.registry import Registry


class Channel(Protocol):
    """What the conversation must know of a channel; its door is a shell of its own."""

    kind: ClassVar[str]
    abilities: ClassVar[Abilities]


channels: Registry[Channel] = Registry("chat channel")

# What a channel does in the transaction that wrote turns: show them, or put them on their way.
# Channels whose door waits for the answer need none.
Listener = Callable[[Conversation, Sequence[Turn]], None]
listeners: Registry[Listener] = Registry("listener to a channel's turns")


def tell_channel(conversation: Conversation, turns: Sequence[Turn]) -> None:
    kind = conversation.identity.channel
    if kind in listeners:
        listeners.load(kind)(conversation, turns)


# Fetches a photo that a message only names ("KIND:REFERENCE"): its token, or nothing.
fetchers: Registry[Callable[[str], str]] = Registry("fetcher of a channel's photos")
