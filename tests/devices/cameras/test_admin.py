"""Staff's pages of cameras: a sealed address, a still on demand, zones drawn over it."""

import json
from typing import Any

import pytest
from django.test import Client

from apps.base.models import AuditEntry
from devices.cameras import stills
from devices.models import Camera, CameraZone
from devices.services.camera_health import note_health
from devices.services.cameras import url_of
from tests.devices.cameras.conftest import Post
from tests.devices.cameras.mjpeg_peer import jpeg

ADMIN = "/admin/devices/camera"
SQUARE = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]
AREA = {"code": "square", "kind": "area", "points": SQUARE, "rules": [{"kind": "fall"}]}


@pytest.fixture
def camera(post: Post) -> Camera:
    return post.install("eye", "rtsp://eye:s3cret@127.0.0.1:9/live", kind="rtsp")


def changed(client: Client, camera: Camera, **facts: Any) -> Any:
    form = {
        "kind": camera.kind, "url": "", "onvif_url": "", "subject": "people", "active": "on",
        "decode_fps": "1", "analyse_fps": "1", "hours": "[]", "tuning": "{}",
        "stills_kept_days": "30", "detector": "",
    } | facts  # fmt: skip
    return client.post(f"{ADMIN}/{camera.pk}/change/", form)


def test_a_new_address_is_sealed_and_never_shown(staff: Client, camera: Camera) -> None:
    assert changed(staff, camera, url="rtsp://eye:other@127.0.0.1:9/live").status_code == 302
    camera.refresh_from_db()
    assert url_of(camera) == "rtsp://eye:other@127.0.0.1:9/live"
    pages = [f"{ADMIN}/", f"{ADMIN}/{camera.pk}/change/", f"{ADMIN}/{camera.pk}/view/"]
    told = "".join(staff.get(page).content.decode() for page in pages)
    assert "rtsp://127.0.0.1:9/live" in told
    assert "other" not in told.replace("another", "")
    assert "s3cret" not in told + json.dumps(list(AuditEntry.objects.values_list("detail")))


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "rtsp://", "file:///etc/passwd", "rtsp://a:x/"]
)
def test_an_address_of_another_kind_is_refused(staff: Client, camera: Camera, url: str) -> None:
    page = changed(staff, camera, url=url)
    assert page.status_code == 200
    assert "no address that a camera of this kind has" in page.content.decode()
    camera.refresh_from_db()
    assert url_of(camera) == "rtsp://eye:s3cret@127.0.0.1:9/live"


def test_it_says_how_a_camera_does_in_words(staff: Client, camera: Camera) -> None:
    note_health(camera_id=camera.pk, health="moved", reason="by a hand")
    for page in (f"{ADMIN}/", f"{ADMIN}/{camera.pk}/change/", f"{ADMIN}/{camera.pk}/view/"):
        told = staff.get(page).content.decode()
        assert "Was turned or moved: by a hand" in told
        assert "&#x27;moved&#x27;" not in told


def test_a_still_is_asked_for_and_the_look_is_noted(staff: Client, camera: Camera) -> None:
    assert staff.get(f"{ADMIN}/{camera.pk}/want/").status_code == 405
    assert staff.post(f"{ADMIN}/{camera.pk}/want/").status_code == 202
    assert staff.get(f"{ADMIN}/{camera.pk}/still/").status_code == 204
    stills.hand_over(camera.pk, jpeg())
    answer = staff.get(f"{ADMIN}/{camera.pk}/still/")
    assert answer.content == jpeg()
    assert "no-store" in answer.headers["Cache-Control"]
    assert AuditEntry.objects.get(action="devices.picture.seen").subject == "camera:eye"


def drawn(client: Client, camera: Camera, body: Any) -> Any:
    content = body if isinstance(body, str) else json.dumps(body)
    return client.post(f"{ADMIN}/{camera.pk}/draw/", content, content_type="application/json")


def test_what_is_drawn_becomes_zones_with_datastreams(staff: Client, camera: Camera) -> None:
    marks = [[0, 1, 127.26, 37.43], [1, 1, 127.2601, 37.43], [1, 0, 127.2601, 37.4302],
             [0, 0, 127.26, 37.4302]]  # fmt: skip
    answer = drawn(staff, camera, {"zones": [AREA], "marks": marks, "aspect": 1.78})
    assert answer.json() == {"zones": 1}
    zone = CameraZone.objects.get(camera=camera)
    assert zone.rules == [{"kind": "fall"}]
    assert zone.streams.filter(datastream__code="eye:square:count").exists()
    page = staff.get(f"{ADMIN}/{camera.pk}/view/").content.decode()
    assert '"square"' in page


@pytest.mark.parametrize(
    "body",
    [
        "no JSON", {"zones": "none"}, {"zones": [{**AREA, "points": SQUARE[:2]}]},
        {"zones": [{**AREA, "points": [[9, 9], *SQUARE]}]}, {"zones": [AREA, AREA]},
        {"zones": [{**AREA, "kind": "circle"}]}, {"zones": [{**AREA, "rules": [{"kind": "x"}]}]},
        {"zones": [{**AREA, "code": "a" * 61}]}, {"zones": [{**AREA, "code": "../a:b"}]},
        {"zones": [AREA], "aspect": 0}, {"zones": [AREA], "marks": [[0, 0, 127, 37]] * 4},
    ],
)  # fmt: skip
def test_a_drawing_that_makes_no_sense_is_refused_whole(
    staff: Client, camera: Camera, body: Any
) -> None:
    drawn(staff, camera, {"zones": [{**AREA, "code": "before"}]})
    answer = drawn(staff, camera, body)
    assert answer.status_code == 400
    assert answer.json()["errors"]
    assert CameraZone.objects.get(camera=camera).code == "before"
