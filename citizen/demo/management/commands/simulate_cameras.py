"""`manage.py simulate_cameras`: the demo town's cameras, motion JPEG over HTTP on loopback.

They draw the cars that the town's simulation has parked and the people who cross; what Citizen
makes of it, it sees.
"""

import logging
import signal
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import cv2
from django.core.management.base import BaseCommand
from django.db import connection

from apps.base import clock
from apps.city.models import the_city
from apps.parking.models import CapacityPool
from citizen.demo.cameras.canvas import Picture
from citizen.demo.cameras.crossing import CrossingView, daylight
from citizen.demo.cameras.lot import LotView
from citizen.demo.happenings import Happenings
from citizen.demo.models import Happening
from citizen.demo.movement.devices import habit_of, names_of
from citizen.demo.movement.stays import is_taken
from citizen.demo.movement.watchers import Instant, Spaces
from citizen.demo.seed.cameras import (
    CROSSING_CAMERA,
    LOT_CAMERA,
    busiest_crossing,
    camera_lot,
)
from citizen.demo.world.town import SEED, build_town
from devices.models import Camera
from devices.services.cameras import move_camera
from devices.simulators.mjpeg_server import Eye, MjpegServer

LOT_FPS, CROSSING_FPS = 5.0, 10.0
# A hand's breadth at the end of an arm's length of mast.
HAND_DEG = 6.0
HAPPENINGS_EVERY_S = 2.0
JPEG = [int(cv2.IMWRITE_JPEG_QUALITY), 85]
PATHS = {LOT_CAMERA: "lot", CROSSING_CAMERA: "crossing"}
Draw = Callable[[datetime], Picture]
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Plays the demo town's cameras."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        orders = Orders()
        lot, crossing = views(orders)
        eyes = {
            "lot": Eye(_as_jpeg(lot.draw), LOT_FPS),
            "crossing": Eye(_as_jpeg(crossing.draw), CROSSING_FPS),
        }
        server = _opened(eyes)
        tell_where(server)
        connection.close()
        while not ended.wait(HAPPENINGS_EVERY_S):
            orders.read()
        server.close()


class Orders:
    """What somebody made happen, read by one thread and seen by those that draw."""

    def __init__(self) -> None:
        self._happenings = Happenings()
        self._since: dict[str, datetime | None] = {}
        self.read()

    def read(self) -> None:
        for kind in (Happening.Kind.CAMERA_TURNED, Happening.Kind.PERSON_DOWN):
            self._since[kind] = self._happenings.since(kind)()
        connection.close()

    def since(self, kind: str) -> datetime | None:
        return self._since.get(kind)


def views(orders: Orders) -> tuple[LotView, CrossingView]:
    town, zone = build_town(SEED), the_city().zone

    def light(at: datetime) -> float:
        return daylight(at.astimezone(zone))

    def turned_deg() -> float:
        return HAND_DEG if orders.since(Happening.Kind.CAMERA_TURNED) else 0.0

    lot = LotView(camera_lot(town), parked(), turned_deg, light)
    crossing = CrossingView(
        busiest_crossing(town),
        fallen_since=lambda: orders.since(Happening.Kind.PERSON_DOWN),
        light=light,
    )
    return lot, crossing


def parked() -> Callable[[datetime], Mapping[str, bool]]:
    """Which bays of the lot the simulation has taken, the same as its other devices would feel."""
    pools = CapacityPool.objects.filter(site__code="P-MARKET").select_related("site")
    spaces = [Spaces(names_of(pool), habit_of(pool), SEED) for pool in pools]
    zone = the_city().zone

    def taken(at: datetime) -> dict[str, bool]:
        instant = Instant.of(at, zone)
        return {
            name: is_taken(stays, instant.at_s)
            for some in spaces
            for name, stays in zip(some.names, some.on(instant.day_on), strict=True)
        }

    return taken


def _as_jpeg(draw: Draw) -> Callable[[], bytes]:
    def jpeg() -> bytes:
        return bytes(cv2.imencode(".jpg", draw(clock.now()), JPEG)[1])

    return jpeg


def _opened(eyes: Mapping[str, Eye]) -> MjpegServer:
    """At the port it had before, so that whoever looks need not be told; else at a free one."""
    known = Camera.objects.filter(thing__code=LOT_CAMERA).first()
    port = urlsplit(known.shown_url).port if known else None
    try:
        return MjpegServer(eyes, port if port and port > 1024 else 0)
    except OSError:
        return MjpegServer(eyes)


def tell_where(server: MjpegServer) -> None:
    for code, path in PATHS.items():
        camera = Camera.objects.filter(thing__code=code).first()
        if camera is not None and camera.shown_url != server.url(path):
            move_camera(camera=camera, url=server.url(path))
