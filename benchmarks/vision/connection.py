"""How soon a lost stream is looked at again.

The cameras are real streams on loopback (GStreamer's RTSP server, our own MJPEG one); what watches
them is the product's own watch, without its database.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from pathlib import Path

import django

from benchmarks.report import Metric, NotMeasuredError
from scripts.servers import Servers

PEER = Path(__file__).parents[2] / "tests" / "devices" / "cameras" / "rtsp_peer.py"
SYSTEM_PYTHON = "/usr/bin/python3"
AWAY_S = 4.0
LOSSES = 3
MOST_S = 10.0

Camera = Callable[[int], AbstractContextManager[str]]


def measure(*, quick: bool) -> Iterator[Metric]:
    set_up()
    yield reconnects("MJPEG over HTTP", _mjpeg, 1 if quick else LOSSES)
    if not quick:
        yield reconnects("RTSP", _rtsp, LOSSES)


def set_up() -> None:
    """Django, for what a watch is made of."""
    with redirect_stdout(sys.stderr):  # stdout is for figures
        os.environ |= {**Servers("town").start(), **os.environ}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citizen.settings")
    django.setup()


def reconnects(case: str, camera: Camera, losses: int) -> Metric:
    """From the moment the camera is there again to the first picture that is analysed."""
    waits = [_lost_and_found(camera) for _ in range(losses)]
    return Metric(
        "reconnect_s", f"{case}, away for {AWAY_S:g} s, worst of {losses}", max(waits), "s",
        "limit", MOST_S,
    )  # fmt: skip


def _lost_and_found(camera: Camera) -> float:
    from benchmarks.vision import watched

    port = _free_port()
    with camera(port) as url:
        watch = watched.begin_watch(url)
        _until(lambda: watch.looked)
    time.sleep(AWAY_S)
    watch.looked.clear()
    back_s = time.monotonic()
    with camera(port):
        _until(lambda: watch.looked)
        waited_s = watch.looked[0] - back_s
        watch.ended.set()
        watch.join(timeout=10)
    return waited_s


def _until(holds: Callable[[], object], patience_s: float = 60.0) -> None:
    give_up_s = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > give_up_s:
            raise NotMeasuredError(f"no picture within {patience_s:g} s")
        time.sleep(0.01)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def _mjpeg(port: int) -> Iterator[str]:
    from benchmarks.vision import watched

    server = watched.serve(port)
    try:
        yield server.url("eye")
    finally:
        server.close()


@contextmanager
def _rtsp(port: int) -> Iterator[str]:
    command = [SYSTEM_PYTHON, str(PEER), str(port), "640", "360", "15"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as peer:
        assert peer.stdout
        try:
            if not peer.stdout.readline():
                raise NotMeasuredError("GStreamer's RTSP server is not installed")
            yield f"rtsp://127.0.0.1:{port}/live"
        finally:
            peer.kill()
