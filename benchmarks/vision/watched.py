"""A camera of the benchmark's own and the product's watch over it; loaded once Django is set up."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import cv2

from citizen.demo.cameras.crossing import Crossing, CrossingView
from citizen.demo.seed.cameras import crossing_zones
from devices.adapters.video import Picture, Terms
from devices.cameras.addresses import read_networks
from devices.cameras.desk import Deed, Desk, Row
from devices.cameras.plane import plane_of
from devices.cameras.plans import CameraPlan, DrawnZone
from devices.cameras.watch import Watch
from devices.simulators.mjpeg_server import Eye, MjpegServer

ANALYSED_FPS = 5


class Timed(Watch):
    """Notes when it looks."""

    looked: list[float]

    def _look(self, picture: Picture, at_s: float) -> None:
        super()._look(picture, at_s)
        self.looked.append(time.monotonic())


def begin_watch(url: str) -> Timed:
    watch = Timed(plan_of(url), Forgetful(), Terms(read_networks(["127.0.0.0/8"])))
    watch.looked = []
    watch.start()
    return watch


def serve(port: int) -> MjpegServer:
    view = crossing_view()

    def jpeg() -> bytes:
        return bytes(cv2.imencode(".jpg", view.draw(datetime.now(UTC)))[1])

    return MjpegServer({"eye": Eye(jpeg, 15)}, port)


class Forgetful(Desk):
    """Whose writer is always done at once."""

    def say(self, gateway: str, rows: Sequence[Row]) -> None:
        return

    def do(self, deed: Deed) -> None:
        return


def crossing_view() -> CrossingView:
    return CrossingView(Crossing((100.0, 50.0), (114.0, 50.0)))


def plan_of(url: str) -> CameraPlan:
    view = crossing_view()
    zones = tuple(
        DrawnZone(n, zone.code, zone.kind, tuple(zone.points), tuple(zone.rules), {})
        for n, zone in enumerate(crossing_zones(view))
    )
    kind = "rtsp" if url.startswith("rtsp") else "mjpeg"
    return CameraPlan(
        pk=1, code="bench", gateway="bench", revision=1, kind=kind, url=url, onvif_url="",
        subject="people", decode_fps=15, analyse_fps=ANALYSED_FPS, hours=(),
        zone=ZoneInfo("Asia/Seoul"), aspect=None, plane=plane_of(view.marks(), srid=5186),
        tuning={}, reference=b"", head={}, detector="", collects=False,
        health_stream="bench:sees", zones=zones,
    )  # fmt: skip
