"""`manage.py call "1" "다리 옆 가로등이 꺼졌어요" "1" "1" "1"`: rings the city as Asterisk would.

Each word is one turn: digits are pressed, anything else is said by a synthetic voice. What the city
says can be kept as a WAV file; at the end stands what it made of the call.
"""

import asyncio
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.assistant.models import Call, Turn
from apps.assistant.speech.core.wave import write_wave
from apps.assistant.speech.kinds.espeak import NoVoice
from apps.assistant.voice.records import LinesBusy
from citizen.demo.peers.caller import Caller
from citizen.demo.peers.callers import announce, steps_of
from citizen.demo.world.people import PEOPLE

HALMEONI = "halmeoni"


class Command(BaseCommand):
    help = "Calls the city with a synthetic voice, over the real AudioSocket protocol."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("turns", nargs="+", help="digits to press, or words to say")
        parser.add_argument("--language", default="ko", choices=["ko", "en"])
        parser.add_argument("--from", dest="number", help="the caller's number (Halmeoni Kim's)")
        parser.add_argument("--save", type=Path, help="a WAV file of what the city says")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if not settings.AUDIO_SOCKET_PORT:
            raise CommandError("The voice process has no port here: start the town (make run).")
        number = options["number"] or _number_of(HALMEONI)
        try:
            call = announce(number, options["language"])
        except LinesBusy as busy:
            raise CommandError(str(busy.title)) from busy
        caller = Caller(settings.VOICE_HOST, settings.AUDIO_SOCKET_PORT, str(call.code))
        try:
            asyncio.run(_talk(caller, options["turns"], options["language"]))
        except OSError as error:
            raise CommandError("Nobody picks up: is the voice process running?") from error
        except NoVoice as error:
            raise CommandError(str(error)) from error
        if options["save"]:
            options["save"].write_bytes(write_wave(bytes(caller.heard)))
        self._tell(call)

    def _tell(self, call: Call) -> None:
        """Both sides of the conversation, and what was recorded."""
        call.refresh_from_db()
        rows = Turn.objects.filter(conversation=call.conversation, at__gte=call.began_at)
        for turn in rows.order_by("number"):
            self.stdout.write(f"{turn.side:>9}  {turn.text}")
        for said in call.turns.exclude(recorded_ms=0):
            seconds = said.recorded_ms / 1000
            attached = f" → {said.request.number}" if said.request else ""
            self.stdout.write(
                f"{'recorded':>9}  {seconds:.1f} s, {said.get_understood_display()}{attached}"
            )


def _number_of(key: str) -> str:
    return next((person.phone or "" for person in PEOPLE if person.key == key), "")


async def _talk(caller: Caller, turns: list[str], language: str) -> None:
    await caller.talk(await steps_of(turns, language, patient=True))
