"""What cameras see, at the safety desk: with a place, a severity and a still; never to citizens."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts import services as accounts
from apps.accounts.models import Role, User
from apps.alerts.models import Alert, Policy
from apps.base import clock, work
from apps.base.clock import Hand
from apps.base.models import AuditEntry
from apps.city.models import Obstruction
from apps.hazards.models import Assessment
from devices.models import Camera, CameraEvent
from devices.services.camera_events import Sight, judge_event, note_sight
from devices.services.cameras import connect_camera
from devices.services.gateways import create_gateway
from devices.services.provisioning import ThingPlan, provision_thing
from tests.devices.cameras.mjpeg_peer import jpeg
from tests.devices.conftest import found_city
from tests.support.world import People, sign_in_staff


@pytest.fixture
def eye(people: People, hand: Hand, settings: Any, tmp_path: Any) -> Camera:
    settings.MEDIA_ROOT = tmp_path
    found_city()
    gateway, _key = create_gateway(code="eyes", names={"en": "Eyes"}, actor="test")
    plan = ThingPlan(
        code="crossing", names={"en": "Crossing camera", "ko": "횡단보도 카메라"}, lon=127.26,
        lat=37.43,
    )  # fmt: skip
    thing = provision_thing(gateway=gateway, plan=plan)
    return connect_camera(thing=thing, kind="mjpeg", url="http://127.0.0.1:9/", actor="test")


def see(eye: Camera, kind: str = "fall", *, over: bool = False, key: str = "one") -> CameraEvent:
    sight = Sight(
        key=key, kind=kind, zone="", severity="Severe", score=0.8, began_at=clock.now(),
        lon=127.2601, lat=37.4301, still=jpeg(640, 360), over=over,
    )  # fmt: skip
    event = note_sight(camera_id=eye.pk, sight=sight)
    assert event is not None
    return event


@pytest.fixture
def officer(people: People) -> Client:
    """Officer Park, with what the safety desk needs and no more."""
    user = people.park.user
    assert user is not None
    role = accounts.define_role(
        code="desk", names={"en": "Safety desk"}, reach=Role.Reach.DEPARTMENT,
        permissions=(
            "hazards.view_assessment", "hazards.change_assessment", "devices.view_cameraevent",
            "devices.change_cameraevent",
        ),
    )  # fmt: skip
    accounts.assign_role(user=user, department=people.safety, role=role)
    client = Client(headers={"Accept-Language": "en"})
    sign_in_staff(client, User.objects.get(pk=user.pk))
    return client


def test_an_officer_sees_a_still_with_place_and_severity_and_decides(
    eye: Camera, officer: Client
) -> None:
    event = see(eye)
    found = Assessment.objects.get(source="camera")
    assert (found.severity, found.certainty, found.urgency) == ("Severe", "Likely", "Immediate")
    assert found.summary == "사람이 쓰러짐: 횡단보도 카메라"
    assert event.geom is not None
    assert found.geom.contains(event.geom)

    page = officer.get(f"/admin/hazards/assessment/{found.pk}/change/").content.decode()
    still = f"/admin/devices/cameraevent/{event.pk}/still/"
    assert f'src="{still}"' in page
    picture = officer.get(still)
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert "no-store" in picture.headers["Cache-Control"]
    looked = AuditEntry.objects.get(action="devices.picture.seen")
    assert (looked.actor, looked.subject) == ("park@dalbit.example", f"camera_event:{event.code}")

    officer.post(f"/admin/devices/cameraevent/{event.pk}/judge/", {"false": "1"})
    found.refresh_from_db()
    assert found.state == Assessment.State.DISMISSED
    event.refresh_from_db()
    assert (event.verdict, event.decided_by) == ("false", "park@dalbit.example")


def test_nobody_looks_at_a_still_without_the_right_to(eye: Camera, people: People) -> None:
    event = see(eye)
    client = Client()
    sign_in_staff(client, User.objects.create_user("clerk@dalbit.example", is_staff=True))
    assert client.get(f"/admin/devices/cameraevent/{event.pk}/still/").status_code == 403
    assert not AuditEntry.objects.filter(action="devices.picture.seen").exists()


def test_what_a_camera_sees_alone_never_warns_citizens(eye: Camera, people: People) -> None:
    Policy.objects.create(
        name="anything", kind="other", severity_from="Minor", certainty_from="Possible",
        max_km2=100, agreed_by="the mayor",
    )  # fmt: skip
    see(eye)
    work.sweep()
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("kind", "state"),
    [("fall", "new"), ("accident", "new"), ("crowd", "over"), ("stopped_vehicle", "over")],
)
def test_only_an_officer_ends_what_may_have_hurt_somebody(
    eye: Camera, kind: str, state: str
) -> None:
    see(eye, kind)
    see(eye, kind, over=True)
    assert Assessment.objects.get(source="camera").state == state


def test_a_blocked_road_is_an_obstruction_until_it_is_free(eye: Camera) -> None:
    see(eye, "stopped_vehicle")
    blocked = Obstruction.objects.get(source="camera")
    assert set(blocked.stops) == {"car", "bus"}
    assert blocked.state == Obstruction.State.REPORTED
    assert not Obstruction.objects.filter(kind="crowd").exists()
    see(eye, "stopped_vehicle", over=True)
    blocked.refresh_from_db()
    assert blocked.state == Obstruction.State.CLOSED


def test_a_false_alarm_frees_the_road(eye: Camera) -> None:
    event = see(eye, "accident")
    judge_event(code=str(event.code), true=False, actor="park")
    assert Obstruction.objects.get(source="camera").state == Obstruction.State.CLOSED
    assert Assessment.objects.get(source="camera").state == Assessment.State.DISMISSED


def test_motion_that_a_camera_reports_is_no_danger(eye: Camera) -> None:
    see(eye, "motion")
    assert not Assessment.objects.exists()
