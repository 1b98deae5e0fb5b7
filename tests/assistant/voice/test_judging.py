"""A turn is decoded in the quiet that may end it."""

import asyncio
from typing import Any

import pytest

from apps.assistant.speech.core.listening import Heard, Want, Wanted
from apps.assistant.speech.listening import Ear
from apps.assistant.voice.journal import Utterance
from apps.assistant.voice.judging import LONGEST_BYTES, Judging

WORDS, DIGITS = Wanted("en", Want.WORDS, ("help",)), Wanted("en", Want.DIGITS, digits=4)


class Slow(Ear):
    """Answers when it is told to."""

    def __init__(self) -> None:
        super().__init__([])
        self.asked: list[bytes] = []
        self.answer = asyncio.Event()

    async def hear(self, audio: bytes, wanted: Wanted) -> Heard:
        self.asked.append(audio)
        await self.answer.wait()
        return Heard(str(len(audio)), 0.9, "slow", sure=True)


def spoken(audio: bytes) -> Utterance:
    utterance = Utterance(1)
    utterance.audio += audio
    return utterance


async def test_what_was_begun_in_the_pause_is_the_answer() -> None:
    ear, utterance = Slow(), spoken(b"1234")
    judging = Judging(ear)
    assert judging.pause(utterance, WORDS) is not None
    utterance.audio += b"quiet"
    ear.answer.set()
    assert (await judging.hear(utterance, WORDS)).text == "4"
    assert ear.asked == [b"1234"], "decoded once"


async def test_who_goes_on_is_heard_to_the_end() -> None:
    ear, utterance = Slow(), spoken(b"1234")
    judging = Judging(ear)
    begun = judging.pause(utterance, WORDS)
    judging.go_on()
    utterance.audio += b"5678"
    ear.answer.set()
    assert (await judging.hear(utterance, WORDS)).text == "8"
    assert begun is not None
    await asyncio.wait([begun])
    assert begun.cancelled()


@pytest.mark.parametrize("how", ["busy", "long"])
async def test_nothing_is_begun_where_it_would_harm_others(how: str, monkeypatch: Any) -> None:
    ear = Slow()
    if how == "busy":
        monkeypatch.setattr(ear, "_asked", ear.workers)
    utterance = spoken(bytes(LONGEST_BYTES + 2 if how == "long" else 4))
    assert Judging(ear).pause(utterance, WORDS) is None
    assert ear.asked == []


@pytest.mark.parametrize(("wanted", "complete"), [(WORDS, True), (DIGITS, False)])
async def test_only_a_whole_phrase_ends_a_turn_early(wanted: Wanted, complete: bool) -> None:
    ear, utterance = Slow(), spoken(b"1234")
    judging = Judging(ear)
    judging.pause(utterance, wanted)
    sure, unsure = Heard("help", 0.9, "", sure=True), Heard("help", 0.2, "", sure=False)
    assert judging.is_complete(utterance, sure, wanted) is complete
    assert not judging.is_complete(utterance, unsure, wanted)
    assert not judging.is_complete(spoken(b""), sure, wanted)
    ear.answer.set()
