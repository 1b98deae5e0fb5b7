"""Cameras at the REST door: for staff with the right, and for nobody else."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts import services
from apps.accounts.models import Role, User
from apps.base import clock
from apps.base.models import AuditEntry
from devices.cameras import stills
from devices.models import Camera, CameraEvent
from devices.services.camera_events import Sight, note_sight
from devices.services.camera_health import note_health
from devices.services.cameras import ZonePlan, draw
from tests.devices.cameras.conftest import Post
from tests.devices.cameras.mjpeg_peer import jpeg
from tests.support.world import sign_in_staff

API = "/api/v1/devices"
ALL = ("devices.view_camera", "devices.view_cameraevent", "devices.change_cameraevent")


class Api:
    """An app at the door, with the session token of whoever signed in."""

    def __init__(self, user: User | None = None, *, second_factor: bool = True) -> None:
        self.client, self.headers = Client(), {"Accept-Language": "en"}
        if user is not None:
            sign_in_staff(self.client, user) if second_factor else self.client.force_login(user)
            self.headers["X-Session-Token"] = str(self.client.session.session_key)
            self.client.cookies.clear()

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        content = "" if body is None else json.dumps(body)
        return self.client.generic(
            method, f"{API}/{path}", content, content_type="application/json", headers=self.headers
        )


def officer(*permissions: str) -> User:
    safety = services.open_department(code="safety", names={"en": "Safety"})
    services.employ(email="officer@dalbit.example", display_name="Officer")
    user = User.objects.get(email="officer@dalbit.example")
    role = services.define_role(
        code="watcher", names={"en": "Watcher"}, reach=Role.Reach.ALL, permissions=permissions
    )
    services.assign_role(user=user, department=safety, role=role)
    return user


@pytest.fixture
def camera(post: Post) -> Camera:
    made = post.install("eye", "http://eye:s3cret@127.0.0.1:9/live", subject="people")
    zone = ZonePlan(
        code="square", kind="area", points=[(0, 0), (1, 0), (1, 1)], names={"en": "Square"},
        rules=[{"kind": "fall"}],
    )  # fmt: skip
    draw(camera=made, zones=[zone], actor="test")
    return made


def seen(camera: Camera, key: str = "k", still: bytes = jpeg(640, 360)) -> CameraEvent:
    sight = Sight(
        key=key, kind="fall", zone="square", severity="Severe", score=0.8, began_at=clock.now(),
        still=still,
    )  # fmt: skip
    event = note_sight(camera_id=camera.pk, sight=sight)
    assert event is not None
    return event


def test_it_lists_cameras_with_their_place_and_how_they_do(camera: Camera) -> None:
    note_health(camera_id=camera.pk, health="moved", reason="by a hand")
    seen(camera)
    [row] = Api(officer(*ALL))("GET", "cameras").json()["results"]
    assert (row["code"], row["name"], row["kind"]) == ("eye", "Camera eye", "mjpeg")
    assert (row["lon"], row["lat"]) == (127.26, 37.43)
    assert (row["health"], row["reason"]) == ("moved", "by a hand")
    assert (row["zones_drawn"], row["events_waiting"]) == (1, 1)


def test_it_never_tells_an_address(camera: Camera) -> None:
    api = Api(officer(*ALL))
    told = api("GET", "cameras").content + api("GET", "cameras/eye").content
    assert b"127.0.0.1" not in told
    assert b"s3cret" not in told


def test_it_tells_what_is_drawn_and_which_datastreams_tell_of_it(camera: Camera) -> None:
    [zone] = Api(officer(*ALL))("GET", "cameras/eye").json()["zones"]
    assert (zone["code"], zone["name"], zone["watched_for"]) == ("square", "Square", ["fall"])
    assert zone["points"] == [[0, 0], [1, 0], [1, 1]]
    assert zone["datastreams"]["count"] == "eye:square:count"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("health=unknown", 1), ("health=moved", 0), ("subject=people", 1), ("subject=vehicles", 0),
        ("bbox=127.2,37.4,127.3,37.5", 1), ("bbox=126,37,126.5,37.5", 0),
    ],
)  # fmt: skip
def test_it_finds_cameras_by_health_subject_and_place(
    camera: Camera, query: str, found: int
) -> None:
    assert len(Api(officer(*ALL))("GET", f"cameras?{query}").json()["results"]) == found


@pytest.mark.parametrize(
    "query", ["cameras?bbox=1,2", "cameras?health=sleepy", "camera-events?since=soon"]
)
def test_it_refuses_a_query_that_makes_no_sense(camera: Camera, query: str) -> None:
    answer = Api(officer(*ALL))("GET", query)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_queue_holds_what_nobody_has_judged_newest_first(camera: Camera) -> None:
    events = [seen(camera, key) for key in "abc"]
    api = Api(officer(*ALL))
    rows = api("GET", "camera-events?waiting=true&camera=eye").json()["results"]
    assert [row["id"] for row in rows] == [str(event.code) for event in reversed(events)]
    assert rows[0]["zone"] == "square"
    assert (rows[0]["lon"], rows[0]["lat"]) == (127.26, 37.43)

    judged = api("POST", f"camera-events/{events[0].code}/verdict", {"verdict": "false"})
    assert (judged.status_code, judged.json()["verdict"]) == (200, "false")
    assert len(api("GET", "camera-events?waiting=true").json()["results"]) == 2
    later = (clock.now() + timedelta(hours=1)).isoformat().replace("+", "%2B")
    assert api("GET", f"camera-events?since={later}").json()["results"] == []


@pytest.mark.parametrize("body", [{}, {"verdict": "perhaps"}, {"verdict": None}, []])
def test_it_takes_no_verdict_that_is_none(camera: Camera, body: Any) -> None:
    event = seen(camera)
    answer = Api(officer(*ALL))("POST", f"camera-events/{event.code}/verdict", body)
    assert answer.status_code == 400
    event.refresh_from_db()
    assert event.verdict == ""


def test_each_look_at_a_still_stands_in_the_audit_chain(camera: Camera) -> None:
    event = seen(camera)
    api = Api(officer(*ALL))
    answer = api("GET", f"camera-events/{event.code}/still")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in answer.headers["Cache-Control"]
    entry = AuditEntry.objects.get(action="devices.picture.seen")
    assert entry.subject == f"camera_event:{event.code}"
    assert "officer" in entry.actor

    CameraEvent.objects.update(still=None)
    assert api("GET", f"camera-events/{event.code}/still").status_code == 404


def test_a_still_of_now_is_asked_for_and_fetched(camera: Camera) -> None:
    api = Api(officer(*ALL))
    assert api("POST", "cameras/eye/still").status_code == 202
    assert api("GET", "cameras/eye/still").status_code == 204
    assert stills.wanted([camera.pk]) == {camera.pk}
    stills.hand_over(camera.pk, jpeg())
    assert api("GET", "cameras/eye/still").content == jpeg()
    assert AuditEntry.objects.filter(action="devices.picture.seen", subject="camera:eye").exists()


DOORS = (
    ("GET", "cameras"), ("GET", "cameras/eye"), ("GET", "cameras/eye/still"),
    ("POST", "cameras/eye/still"), ("GET", "camera-events"), ("GET", "camera-events/{event}"),
    ("GET", "camera-events/{event}/still"), ("POST", "camera-events/{event}/verdict"),
)  # fmt: skip


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_nobody_else_gets_in(camera: Camera, settings: Any, method: str, path: str) -> None:
    settings.STAFF_MFA = True
    path = path.format(event=seen(camera).code)
    citizen = User.objects.create_user("citizen@dalbit.example")
    watcher = officer("devices.view_gateway")
    assert Api()(method, path).status_code == 401
    assert Api(citizen)(method, path).status_code == 403
    assert Api(watcher)(method, path).status_code == 403
    chief = User.objects.create_superuser("chief@dalbit.example")
    assert Api(chief, second_factor=False)(method, path).status_code == 403
    assert not AuditEntry.objects.filter(action="devices.picture.seen").exists()


def test_whoever_may_look_may_not_judge(camera: Camera) -> None:
    event = seen(camera)
    answer = Api(officer("devices.view_cameraevent"))(
        "POST", f"camera-events/{event.code}/verdict", {"verdict": "true"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path", ["cameras/none", "camera-events/00000000-0000-4000-8000-000000000000"]
)
def test_what_is_not_there_is_404(camera: Camera, path: str) -> None:
    assert Api(officer(*ALL))("GET", path).status_code == 404


@pytest.mark.parametrize("door", ["cameras", "camera-events"])
def test_a_list_takes_as_many_queries_however_long_it_is(
    post: Post, camera: Camera, door: str
) -> None:
    api = Api(officer(*ALL))
    seen(camera)
    few = _queries(api, door)
    for n in range(4):
        other = post.install(f"eye{n}", "http://127.0.0.1:9/")
        seen(other, still=b"")
    assert _queries(api, door) == few


def _queries(api: Api, door: str) -> int:
    from django.db import connection

    with CaptureQueriesContext(connection) as queries:
        assert api("GET", door).status_code == 200
    return len(queries)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
