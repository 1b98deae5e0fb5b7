"""`manage.py voice`: answers the telephone."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.assistant.speech.kinds.espeak import NoVoice
from apps.assistant.speech.speaking import Mouth
from apps.assistant.voice.dialogue import greeting_in
from apps.assistant.voice.orders import start_placing, unplaced
from apps.assistant.voice.server import VoiceServer, make_engines
from apps.base.threads import in_thread

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Answers calls: Twilio Media Streams and the web app's microphone, Asterisk AudioSocket."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        asyncio.run(_serve())


def _keep_time() -> None:
    """Threads give way to the sound after a millisecond, and no search for garbage in all that was
    loaded stops it."""
    sys.setswitchinterval(0.001)
    gc.collect()
    gc.freeze()


async def _rehearse(mouth: Mouth) -> None:
    """The first words of every call, said before the first caller waits for them."""
    for language, _name in settings.LANGUAGES:
        with contextlib.suppress(NoVoice):
            await mouth.speak(await in_thread(greeting_in)(language), language)


async def _serve() -> None:
    engines = make_engines()
    await _rehearse(engines.mouth)
    _keep_time()
    server = VoiceServer(
        engines,
        port=settings.VOICE_PORT,
        audio_socket_port=settings.AUDIO_SOCKET_PORT,
        host=settings.VOICE_HOST,
    )
    await server.start()
    logger.info("voice: listening on %d and %d", server.port, server.audio_socket_port)
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    await server.engines.ear.warm_up("en")
    if settings.VOICE_PROVIDER:
        for order in await in_thread(unplaced)():
            start_placing(order)
    await over.wait()
    await server.stop()
