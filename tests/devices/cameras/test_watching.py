"""Cameras watched from the stream to the database: what they tell, and what happens to the ill."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apps.base import clock
from apps.base.models import Media
from citizen.demo.cameras.crossing import CrossingView
from citizen.demo.world.plane import to_lonlat
from devices.adapters.rtsp import relay
from devices.events import sighting_listeners
from devices.models import Alarm, Camera, CameraEvent, CameraState, Observation
from devices.services.camera_events import Sight, judge_event, note_sight, remove_old_stills
from devices.services.cameras import ZonePlan, draw
from tests.devices.cameras.conftest import CROSSING, Post, draw_crossing, health_of, served
from tests.devices.cameras.mjpeg_peer import camera as peer
from tests.devices.cameras.mjpeg_peer import jpeg, part
from tests.devices.cameras.scripted_rtsp import rtsp_camera
from tests.devices.vision.test_detectors import graph
from tests.support.registries import registered

Health = CameraState.Health
told: list[str] = []


def listen(code: str) -> None:
    told.append(code)


def test_a_camera_that_sees_says_so_and_its_view_is_kept_as_edges(post: Post) -> None:
    view = CrossingView(CROSSING)
    with served(view.draw) as url:
        camera = post.install("eye", url, subject="people")
        draw_crossing(camera, view)
        with post.watched():
            post.until(lambda: health_of(camera)[0] == Health.OK)
            post.until(lambda: bool(Camera.objects.get(pk=camera.pk).reference))

    seen = Observation.objects.get(datastream__code="eye:sees")
    assert seen.result == 1
    assert not Media.objects.exists()


def test_a_turned_camera_is_blind_and_sees_again_when_it_is_turned_back(post: Post) -> None:
    turned = [0.0]
    view = CrossingView(CROSSING, turned_deg=lambda: turned[0])
    with served(view.draw) as url:
        camera = post.install("eye", url, subject="people")
        draw_crossing(camera, view)
        with post.watched():
            post.until(lambda: bool(Camera.objects.get(pk=camera.pk).reference))
            turned[0] = 6.0
            post.until(lambda: health_of(camera)[0] == Health.MOVED)
            alarm = Alarm.objects.open().get()
            assert (alarm.kind, str(alarm.datastream)) == ("blind", "eyes/eye:sees")
            turned[0] = 0.0
            post.until(lambda: health_of(camera)[0] == Health.OK)
            assert not Alarm.objects.open().exists()


def black(_at: object) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    return np.zeros((90, 160, 3), np.uint8)


def garbage() -> Iterator[bytes]:
    yield part(b"no picture", length=10) * 3


def huge() -> Iterator[bytes]:
    bomb = bytearray(jpeg())
    at = bomb.index(b"\xff\xc0")
    bomb[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    yield part(bytes(bomb), length=len(bomb)) + part(b"")


def test_ill_cameras_say_why_and_the_well_one_beside_them_goes_on(
    post: Post, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(relay, "READ_WITHIN_S", 0.3)
    caplog.set_level("INFO")
    view = CrossingView(CROSSING)
    with (
        served(view.draw) as good, served(black) as dark, peer(garbage) as no_picture,
        peer(huge) as too_large, peer(garbage, authorization="Basic eA==") as locked,
        rtsp_camera({"DESCRIBE": ""}) as stalled,
        rtsp_camera({"DESCRIBE": "302 Moved\r\nLocation: rtsp://10.0.0.1/"}) as leading,
    ):  # fmt: skip
        well = post.install("well", good, subject="people")
        ill = {
            post.install("dark", dark): (Health.DARK, ""),
            post.install("garbage", f"http://127.0.0.1:{no_picture}/"): (Health.AWAY, "no JPEG"),
            post.install("huge", f"http://127.0.0.1:{too_large}/"): (Health.AWAY, "65535"),
            post.install("away", "http://127.0.0.1:9/"): (Health.AWAY, "does not answer"),
            post.install("locked", f"http://eye:s3cret@127.0.0.1:{locked}/"): (
                Health.REFUSED, "credentials",
            ),
            post.install("stalled", f"rtsp://eye:s3cret@127.0.0.1:{stalled}/", kind="rtsp"): (
                Health.AWAY, "some time",
            ),
            post.install("leading", f"rtsp://127.0.0.1:{leading}/", kind="rtsp"): (
                Health.REFUSED, "another address",
            ),
            post.install("outside", "http://8.8.8.8/"): (Health.REFUSED, "network"),
            post.install("elsewhere", "file:///etc/passwd", kind="video_file"): (
                Health.REFUSED, "folder",
            ),
        }  # fmt: skip
        resized = post.install("resized", good)
        draw(camera=resized, zones=[], aspect=4 / 3, actor="test")
        ill[resized] = (Health.RESIZED, "640 × 360")
        senseless = post.install("senseless", good)
        zone = ZonePlan(
            code="z", kind="area", points=[(0, 0), (1, 0), (1, 1)],
            rules=[{"kind": "fall", "after_s": -5}],
        )  # fmt: skip
        draw(camera=senseless, zones=[zone], actor="test")
        ill[senseless] = (Health.REFUSED, "negative")
        settings.CAMERA_MODELS_DIR = str(tmp_path)
        (tmp_path / "wrong.onnx").write_bytes(b"no network at all")
        (tmp_path / "shape.onnx").write_bytes(graph(np.zeros((7, 8))))
        (tmp_path / "shape.onnx.json").write_text('{"side": 64, "classes": 3}')
        detectors = {
            "wrong.onnx": "model", "shape.onnx": "YOLOX gives (1, 84, 8)",
            "../../etc/passwd": "no detector",
        }  # fmt: skip
        for name, reason in detectors.items():
            plugged = post.install(f"plugged-{len(ill)}", good)
            Camera.objects.filter(pk=plugged.pk).update(detector=name)
            ill[plugged] = (Health.REFUSED, reason)
        with post.watched():
            for camera, (health, _reason) in ill.items():
                post.until(lambda c=camera, h=health: health_of(c)[0] == h)  # type: ignore[misc]
            post.until(lambda: health_of(well)[0] == Health.OK)

    for camera, (_health, reason) in ill.items():
        assert reason in health_of(camera)[1], camera
    assert Alarm.objects.open().filter(kind="blind").count() == len(ill)
    assert "s3cret" not in caplog.text


def test_a_lost_stream_is_found_again(post: Post) -> None:
    view = CrossingView(CROSSING)
    with served(view.draw) as url:
        camera = post.install("eye", url, subject="people")
        port = int(url.split(":")[2].split("/")[0])
        watching = post.watched()
        watching.__enter__()
        post.until(lambda: health_of(camera)[0] == Health.OK)
    post.until(lambda: health_of(camera)[0] == Health.AWAY)
    with served(view.draw, port=port):
        post.until(lambda: health_of(camera)[0] == Health.OK)
        watching.__exit__(None, None, None)


def test_somebody_who_falls_at_night_is_seen_with_a_place_and_a_still(post: Post) -> None:
    begins = clock.now() + timedelta(seconds=5)
    view = CrossingView(CROSSING, fallen_since=lambda: begins, light=lambda _at: 0.55)
    with served(view.draw) as url:
        draw_crossing(post.install("eye", url, subject="people"), view)
        with post.watched():
            post.until(lambda: CameraEvent.objects.filter(kind="fall").exists())

    fall = CameraEvent.objects.get(kind="fall")
    assert fall.severity == "Severe"
    assert fall.zone is not None
    assert fall.zone.code == "crossing"
    assert fall.geom is not None
    lon, lat = to_lonlat(CROSSING.town(5.5, 0.3))
    assert (fall.geom.x, fall.geom.y) == pytest.approx((lon, lat), abs=4e-5)  # a few metres
    assert fall.still is not None
    assert fall.still.width_px == 640


def noted(camera: Camera, *, score: float = 0.8, over: bool = False, key: str = "k") -> CameraEvent:
    sight = Sight(
        key=key, kind="fall", zone="", severity="Severe", score=score, began_at=clock.now(),
        still=jpeg(640, 360), over=over,
    )  # fmt: skip
    event = note_sight(camera_id=camera.pk, sight=sight)
    assert event is not None
    return event


def test_an_event_is_told_once_and_once_more_when_it_is_over(post: Post) -> None:
    camera = post.install("eye", "http://127.0.0.1:9/")
    with listening():
        event = noted(camera)
        noted(camera)
        assert noted(camera, over=True).over_at is not None
        noted(camera, over=True)
    assert told == [str(event.code)] * 2
    unheard = Sight(
        key="other", kind="fall", zone="", severity="Severe", score=1, began_at=clock.now(),
        over=True,
    )  # fmt: skip
    assert note_sight(camera_id=camera.pk, sight=unheard) is None


def test_a_still_ends_with_its_time(post: Post, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    event = noted(post.install("eye", "http://127.0.0.1:9/"))
    assert event.still is not None
    assert remove_old_stills() == 0
    CameraEvent.objects.update(still_until=clock.now())
    assert remove_old_stills() == 1
    assert CameraEvent.objects.get().still is None
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_false_alarms_make_a_camera_more_careful(post: Post) -> None:
    camera = post.install("eye", "http://127.0.0.1:9/")
    with listening():
        events = [noted(camera, score=0.7, key=f"again{n}") for n in range(3)]
        told.clear()
        for event in events:
            judge_event(code=str(event.code), true=False, actor="park")

    careful = Camera.objects.get(pk=camera.pk)
    assert careful.tuning == {"fall": 0.71}
    assert careful.revision > camera.revision
    assert len(told) == 3


def listening() -> AbstractContextManager[None]:
    told.clear()
    return registered(sighting_listeners, "test", f"{__name__}.listen")
