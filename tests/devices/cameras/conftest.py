"""Cameras that are watched for real: the demo town's simulator draws and serves over HTTP, a watch
of the process `cameras` looks. The database is written by the test's own thread."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import pytest

from apps.base import clock
from citizen.demo.cameras.canvas import Picture
from citizen.demo.cameras.crossing import Crossing, CrossingView
from citizen.demo.seed.cameras import crossing_zones
from devices.cameras.desk import Desk
from devices.cameras.plans import read_plans
from devices.cameras.process import terms
from devices.cameras.watch import Watch
from devices.models import Camera, CameraState, Gateway
from devices.services.cameras import connect_camera, draw
from devices.services.gateways import create_gateway
from devices.services.provisioning import ThingPlan, provision_thing
from devices.simulators.mjpeg_server import Eye, MjpegServer
from tests.devices.conftest import found_city

PATIENCE_S = 60.0


@dataclass
class Post:
    """A camera of ours and what it is shown."""

    gateway: Gateway
    desk: Desk = field(default_factory=Desk)

    def install(self, code: str, url: str, *, kind: str = "mjpeg", **facts: str) -> Camera:
        plan = ThingPlan(code=code, names={"en": f"Camera {code}"}, lon=127.26, lat=37.43)
        thing = provision_thing(gateway=self.gateway, plan=plan)
        return connect_camera(thing=thing, kind=kind, url=url, actor="test", **facts)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Every camera of the database, each by its thread."""
        watches = [Watch(plan, self.desk, terms()) for plan in read_plans()]
        for watch in watches:
            watch.start()
        try:
            yield
        finally:
            for watch in watches:
                watch.ended.set()
            for watch in watches:
                watch.join(timeout=10)

    def until(self, holds: Callable[[], bool]) -> None:
        """Write what comes until something holds."""
        give_up_s = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < give_up_s, [str(s) for s in CameraState.objects.all()]
            threading.Event().wait(0.05)
            self.desk.write()


def health_of(camera: Camera) -> tuple[str, str]:
    state = CameraState.objects.get(camera=camera)
    return state.health, state.reason


@contextmanager
def served(draw: Callable[..., Picture], *, fps: float = 12.0, port: int = 0) -> Iterator[str]:
    def jpeg() -> bytes:
        return bytes(cv2.imencode(".jpg", draw(clock.now()))[1])

    server = MjpegServer({"eye": Eye(jpeg, fps)}, port)
    try:
        yield server.url("eye")
    finally:
        server.close()


CROSSING = Crossing((100.0, 50.0), (114.0, 50.0))


def draw_crossing(camera: Camera, view: CrossingView) -> None:
    draw(
        camera=camera, zones=crossing_zones(view), marks=view.marks(), aspect=640 / 360,
        actor="test",
    )  # fmt: skip


@pytest.fixture
def post(db: None, settings: Any, tmp_path: Path) -> Post:
    settings.CAMERA_NETWORKS = ["127.0.0.0/8"]
    settings.MEDIA_ROOT = tmp_path
    found_city()
    gateway, _key = create_gateway(code="eyes", names={"en": "Eyes"}, actor="test")
    return Post(gateway)
