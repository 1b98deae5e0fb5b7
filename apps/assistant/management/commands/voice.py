"""`manage.py voice`: answers the telephone."""

import asyncio
import logging
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.assistant.voice.orders import start_placing, unplaced
from apps.assistant.voice.server import VoiceServer, make_engines
from apps.base.threads import in_thread

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Answers calls: Twilio Media Streams and the web app's microphone, Asterisk AudioSocket."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        asyncio.run(_serve())


async def _serve() -> None:
    server = VoiceServer(
        make_engines(),
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
