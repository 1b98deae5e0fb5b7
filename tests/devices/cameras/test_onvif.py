"""ONVIF's pull point over real SOAP, and what must not come of it.

Messages are built from the standard's documented fields: no camera's own could be had."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from apps.base import clock
from devices.cameras.listening import Ear
from devices.cameras.plans import read_plans
from devices.cameras.process import terms
from devices.models import CameraEvent
from devices.protocols.onvif import events
from devices.protocols.onvif.soap import Fault, Senseless, Token, body_of
from devices.simulators.onvif_camera import OnvifCamera
from tests.devices.cameras.conftest import Post

INSIDE = "tns1:RuleEngine/FieldDetector/ObjectsInside"


@contextmanager
def heard(post: Post, camera: OnvifCamera, url: str = "") -> Iterator[None]:
    post.install("eye", "http://127.0.0.1:9/", onvif_url=url or camera.url)
    (plan,) = read_plans()
    ear = Ear(plan, post.desk, terms())
    ear.start()
    try:
        yield
    finally:
        ear.ended.set()
        ear.join(timeout=10)
        camera.close()


def test_what_a_camera_says_begins_an_event_and_ends_it(post: Post) -> None:
    camera = OnvifCamera("eye", "s3cret")
    with heard(post, camera):
        camera.tell(INSIDE, clock.now(), "IsInside", "true")
        camera.tell(INSIDE, clock.now(), "IsInside", "true")
        post.until(lambda: CameraEvent.objects.exists())
        event = CameraEvent.objects.get()
        assert (event.kind, event.severity, event.over_at) == ("intrusion", "Moderate", None)
        camera.tell(INSIDE, clock.now(), "IsInside", "false")
        post.until(lambda: CameraEvent.objects.filter(over_at__isnull=False).exists())
    assert CameraEvent.objects.count() == 1
    assert camera.asked[0] == "CreatePullPointSubscription"
    assert camera.asked[-1] == "Unsubscribe"


def test_wrong_credentials_tell_nothing_and_are_told_to_nobody(post: Post) -> None:
    camera = OnvifCamera("eye", "s3cret")
    with heard(post, camera, camera.url.replace("s3cret", "guessed")):
        camera.tell(INSIDE, clock.now(), "IsInside", "true")
        post.until(lambda: len(camera.asked) > 1)
    assert set(camera.asked) == {"CreatePullPointSubscription"}
    assert "guessed" not in repr(read_plans())
    assert not CameraEvent.objects.exists()


def test_its_token_is_the_one_of_the_profile() -> None:
    """The digest of the UsernameToken Profile's formula, worked out by hand with openssl."""
    token = Token("user", "userpassword", b"0123456789abcdef", "2010-09-16T07:50:45Z")
    assert token.digest() == "ri70d82wt4JviOUmT3T3/yqAea0="


def message(
    topic: str, data: str, *, time: str = "2026-11-22T03:00:00Z", op: str = "Changed"
) -> bytes:
    return f"""<?xml version="1.0"?>
    <env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"
      xmlns:tev="http://www.onvif.org/ver10/events/wsdl" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2"
      xmlns:tt="http://www.onvif.org/ver10/schema"><env:Body><tev:PullMessagesResponse>
      <wsnt:NotificationMessage><wsnt:Topic>{topic}</wsnt:Topic><wsnt:Message>
      <tt:Message UtcTime="{time}" PropertyOperation="{op}"><tt:Source>
      <tt:SimpleItem Name="Source" Value="cam0"/></tt:Source><tt:Data>{data}</tt:Data></tt:Message>
      </wsnt:Message></wsnt:NotificationMessage></tev:PullMessagesResponse></env:Body></env:Envelope>
    """.encode()


def item(name: str, value: str) -> str:
    return f'<tt:SimpleItem Name="{name}" Value="{value}"/>'


@pytest.mark.parametrize(
    ("topic", "data", "op", "kind", "holds"),
    [
        ("tns1:VideoSource/MotionAlarm", item("State", "true"), "Changed", "motion", True),
        ("tns1:VideoSource/MotionAlarm", item("State", "1"), "Initialized", "motion", True),
        ("tns1:RuleEngine/CellMotionDetector/Motion", item("IsMotion", "false"), "Changed",
         "motion", False),
        ("tns1:RuleEngine/tns1:FieldDetector/tns1:ObjectsInside", item("IsInside", "true"),
         "Deleted", "intrusion", False),
        ("tns1:VideoSource/GlobalSceneChange/ImagingService", item("State", "true"), "Changed",
         "tampered", True),
        ("tns1:VideoSource/ImageTooDark/AnalyticsService", item("State", "true"), "Changed",
         "tampered", True),
        ("tns1:Device/HardwareFailure/FanFailure", item("Failed", "true"), "Changed", None, True),
        ("tns1:RuleEngine/LineDetector/Crossed", item("ObjectId", "7"), "", None, None),
    ],
)  # fmt: skip
def test_it_understands_topics(
    topic: str, data: str, op: str, kind: str | None, holds: bool | None
) -> None:
    (found,) = events.read_messages(message(topic, data, op=op))
    assert (found.kind, found.holds) == (kind, holds)
    assert found.at == datetime(2026, 11, 22, 3, tzinfo=UTC)
    assert found.source == (("Source", "cam0"),)


@pytest.mark.parametrize(
    "answer",
    [b"", b"<html>", b"<a/>", b"\x00" * 40, b"<s:Envelope xmlns:s='urn:x'><s:Body/></s:Envelope>"],
)
def test_it_makes_nothing_of_what_is_no_answer(answer: bytes) -> None:
    with pytest.raises(Senseless):
        events.read_messages(answer)


def test_it_opens_no_entity() -> None:
    bomb = message("t", "&x;").replace(
        b'<?xml version="1.0"?>',
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    )
    found = events.read_messages(bomb)
    assert all("root" not in str(one) for one in found)


def test_a_message_without_a_time_does_not_hide_the_others() -> None:
    assert events.read_messages(message("t", item("a", "true"), time="yesterday")) == []


def test_it_tells_a_fault_in_the_cameras_words() -> None:
    camera = OnvifCamera()
    _status, answer = camera.answer(events.subscribe("http://x/", None).replace(b"Create", b"Make"))
    with pytest.raises(Fault, match="not supported"):
        body_of(answer)
    camera.close()
