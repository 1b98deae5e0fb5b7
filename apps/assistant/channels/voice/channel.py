"""The telephone as a channel of the conversation. Its doors are in `apps.assistant.voice`."""

from typing import ClassVar

from apps.assistant.core.messages import Abilities


class VoiceChannel:
    kind: ClassVar[str] = "voice"
    abilities: ClassVar[Abilities] = Abilities(
        cards=False, place=False, photo=False, keypad=True, speech=True, text_length=600
    )


channel = VoiceChannel()
