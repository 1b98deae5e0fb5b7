"""`manage.py simulate_devices`: the demo town's devices, at the gateways' door with their keys."""

import logging
import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from apps.base import clock
from apps.city.models import the_city
from citizen.demo.happenings import Happenings
from citizen.demo.movement.devices import watchers_by_gateway
from citizen.demo.movement.nature import nature_by_gateway
from citizen.demo.movement.roads import roads_by_gateway
from citizen.demo.movement.watchers import Mouth, Word
from citizen.demo.seed.gateway_keys import read_keys
from citizen.demo.world.town import SEED
from devices.simulators.sender import Refused, Sender

TICK_S = 1.0
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Moves the demo town's cars in and out of its car parks, and its lifts, by its devices."

    def add_arguments(self, parser: ArgumentParser) -> None:
        port = os.environ.get("CITIZEN_WEB_PORT", "8000")
        parser.add_argument("--url", default=f"http://127.0.0.1:{port}")
        parser.add_argument("--once", action="store_true", help="say what there is to say, and end")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        keys, zone = read_keys(), the_city().zone
        mouths = {
            Sender(options["url"], keys[code]): Mouth(watchers)
            for code, watchers in watchers_by_gateway(keys, seed=SEED).items()
        }
        nature = nature_by_gateway(keys, Happenings(), seed=SEED)
        mouths |= {Sender(options["url"], keys[code]): Mouth(own) for code, own in nature.items()}
        roads = roads_by_gateway(keys, seed=SEED)
        mouths |= {Sender(options["url"], keys[code]): Mouth(own) for code, own in roads.items()}
        connection.close()
        while True:
            for sender, mouth in mouths.items():
                words = mouth.news(clock.now(), zone)
                if words:
                    _say(sender, words)
                    mouth.said(words)
            if options["once"]:
                return
            time.sleep(TICK_S)


def _say(sender: Sender, words: list[Word]) -> None:
    try:
        receipt = sender.send([word.as_row() for word in words])
    except Refused as error:
        logger.warning("the city refuses our observations: %s", error)
        return
    if receipt["quarantined"]:
        logger.warning("kept apart: %s", receipt["quarantined"][:3])
