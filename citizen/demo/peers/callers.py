"""Citizens of the demo town who telephone now and then: by keys, in their own words, in Korean and
English, over the line that Asterisk would open.

One at a time, some minutes apart, so that they cost next to nothing; who calls when and for what
is drawn from the town's seed.
"""

import asyncio
import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from apps.assistant.models import Call
from apps.assistant.speech.kinds.espeak import Espeak, NoVoice
from apps.assistant.voice.records import LinesBusy, announce_call
from apps.base.threads import in_thread
from citizen.demo.peers.caller import Caller, Listen, Press, Say, Step
from citizen.demo.world.people import PEOPLE
from citizen.demo.world.town import SEED

FIRST_AFTER_S, EVERY_S = 40.0, 300.0
GREETING_S, READS_S = 11.0, 5.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody calls: `turns` are keys or words, as for `manage.py call`."""

    who: str
    language: str
    turns: tuple[str, ...]


REASONS = (
    Reason("halmeoni", "ko", ("1", "집 앞 가로등이 며칠째 꺼져 있어서 밤에 무섭습니다",
                              "1", "1", "1", "1", "1", "1")),
    Reason("jiwoo", "ko", ("3", "1", "1")),
    Reason("ben", "en", ("1", "There is a deep hole in the road near the station.",
                         "1", "1", "1", "1", "1", "1")),
    Reason("minjun", "ko", ("7",)),
    Reason("ben", "en", ("please repeat that", "3", "2", "1")),
    Reason("halmeoni", "ko", ("0", "기초연금 신청하는 곳을 알고 싶습니다. 전화 주세요.")),
    Reason("sora", "ko", ("4", "1", "1", "2", "1", "1#", "1", "2", "2")),
    Reason("jiwoo", "ko", ("1", "놀이터 옆 쓰레기통이 넘쳐서 냄새가 납니다")),  # then hangs up
)  # fmt: skip


async def call_now_and_then() -> None:
    """Until it is cancelled. A town whose telephone is out of order is called again later."""
    draw = random.Random(SEED)
    await asyncio.sleep(FIRST_AFTER_S)
    while True:
        reason = draw.choice(REASONS)
        try:
            await call(reason.who, reason.language, reason.turns)
        except (OSError, NoVoice, LinesBusy) as error:
            logger.warning("callers: %s was not heard (%s)", reason.who, error)
        await asyncio.sleep(draw.uniform(0.5, 1.5) * EVERY_S)


async def call(who: str, language: str, turns: Sequence[str]) -> None:
    number = next(person.phone for person in PEOPLE if person.key == who)
    announced = await in_thread(announce)(number, language)
    caller = Caller(settings.VOICE_HOST, settings.AUDIO_SOCKET_PORT, str(announced.code))
    await caller.talk(await steps_of(turns, language))


def announce(number: str, language: str) -> Call:
    """As the exchange's dial plan does. Raises LinesBusy."""
    name = f"demo-{time.time_ns()}"
    return announce_call(provider="asterisk", provider_call=name, caller=number, language=language)


async def steps_of(turns: Sequence[str], language: str, *, patient: bool = False) -> list[Step]:
    """Each turn is keys or words. Whoever is not patient presses when they have heard enough."""
    steps: list[Step] = []
    for at, turn in enumerate(turns):
        if all(char in "0123456789*#" for char in turn):
            over_s = None if patient else (READS_S if at else GREETING_S)
            steps.append(Press(turn, over_prompt_s=over_s))
            continue
        audio = await Espeak("+f4").speak(turn, language)
        if audio is None:
            raise NoVoice(f"No voice speaks {language!r}.")
        steps.append(Say(audio))
    return [*steps, Listen()]
