"""`manage.py play_peers`: Google's door and the telephone company of the demo town, on loopback,
and citizens who call the city by it.

They speak the real protocols, so that the sender needs no word about the demo: FCM's HTTP v1 over
TLS, and the provider's door for texts and calls. Whoever is called picks up, listens, presses 1.
"""

import asyncio
import logging
import signal
from typing import Any

import aiohttp
from django.conf import settings
from django.core.management.base import BaseCommand

from citizen.demo.peers.callers import call_now_and_then
from citizen.demo.peers.fcm import FcmPeer
from citizen.demo.peers.phones import PhonePeer
from citizen.demo.peers.set_up import ensure_keys

RINGS_S = 4.0
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Plays Google and the telephone company for the demo town."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        asyncio.run(_play())


async def _play() -> None:
    keys = ensure_keys()
    fcm = FcmPeer(delay_s=0.05)
    phones = PhonePeer(settings.PHONE_PEER_SECRET, report=_report, takes_s=RINGS_S)
    fcm.server.port, phones.server.port = settings.PEERS_PORT, settings.PEERS_PORT + 1
    await fcm.server.start(keys.certificate)
    await phones.server.start()
    calling = asyncio.create_task(call_now_and_then()) if settings.AUDIO_SOCKET_PORT else None
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    await over.wait()
    if calling is not None:
        calling.cancel()


async def _report(reference: str, stage: str) -> None:
    """What the telephone company tells the city of a text or a call."""
    url = f"{settings.PUBLIC_URL}/api/v1/notify/receipts"
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, json={"token": reference, "stage": stage}) as answer,
        ):
            logger.info("phone: %s (%d)", stage, answer.status)
    except aiohttp.ClientError as error:
        logger.warning("phone: no receipt (%s)", error)
