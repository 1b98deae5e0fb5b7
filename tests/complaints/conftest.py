"""A town with the standard catalogue, and reports ready to be filed."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from PIL import Image, ImageDraw

from apps.accounts.models import Department, Person, Role, User
from apps.accounts.services import assign_role, define_role, employ
from apps.base.clock import Hand
from apps.complaints.models import Service, ServiceRequest
from apps.complaints.services.filing import Report, file_request
from apps.complaints.services.provisioning import admit_client, define_jurisdiction
from apps.complaints.services.standard_catalogue import bring_catalogue
from tests.devices.conftest import found_city
from tests.support.world import People

HERE: dict[str, Any] = {"lon": 127.26, "lat": 37.43}
KERB = "보도 턱이 깨져서 휠체어가 지나갈 수 없어요"
USED = frozenset(
    {"pavement", "streetlight", "noise", "other", "civil_affairs", "water_supply", "waste"}
)
OFFICER = (
    "complaints.view_servicerequest", "complaints.change_servicerequest",
    "complaints.view_note", "complaints.view_feedback",
)  # fmt: skip
CHIEF = (*OFFICER, "complaints.confirm_rejection", "complaints.reveal_original")


@dataclass(frozen=True)
class Town:
    people: People
    key: str
    """An Open311 client's."""
    partner_key: str
    """One who may update."""

    def service(self, code: str) -> Service:
        return Service.objects.get(service_code=code)

    def file(
        self, description: str = KERB, service: str = "pavement", *, by: Person | None = None,
        key: str | None = None, **more: Any,
    ) -> ServiceRequest:  # fmt: skip
        report = Report(
            **{
                "description": description,
                "service_code": service,
                "language": "ko",
                **HERE,
                **more,
            }
        )
        return file_request(report=report, reporter=by, actor="test", key=key)

    def staff(self, email: str, department: str, *, chief: bool = False) -> User:
        person = employ(email=email, display_name=email.partition("@")[0])
        code = "complaint-chief" if chief else "complaint-officer"
        role = define_role(
            code=code, names={"en": code}, reach=Role.Reach.DEPARTMENT,
            permissions=CHIEF if chief else OFFICER,
        )  # fmt: skip
        assert person.user
        assign_role(user=person.user, department=Department.objects.get(code=department), role=role)
        return person.user


@pytest.fixture
def town(hand: Hand, people: People) -> Town:
    found_city()
    define_jurisdiction(
        jurisdiction_id="dalbit.example", contact="120", key_service="complaints@dalbit.example"
    )
    bring_catalogue(only=USED)
    _client, key = admit_client(code="app", name="Some app")
    _partner, partner_key = admit_client(code="partner", name="Contractor", may_update=True)
    return Town(people, key, partner_key)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def photo(
    *, lon: float | None = None, lat: float | None = None, shade: int = 0, form: str = "JPEG"
) -> bytes:
    """A picture of a broken kerb, roughly; with a place in its EXIF where one is given."""
    image = Image.new("RGB", (320, 240), (120, 130, 125))
    draw = ImageDraw.Draw(image)
    draw.rectangle((20 + shade, 120, 300, 160), fill=(200, 200, 190))
    draw.polygon([(120, 120), (160, 160), (180, 118)], fill=(40 + shade, 40, 40))
    exif = Image.Exif()
    if lon is not None and lat is not None:
        exif[0x8825] = {1: "N", 2: _dms(lat), 3: "E", 4: _dms(lon)}
        exif[0x8769] = {0x9003: "2026:11:21 10:00:00", 0x9011: "+09:00"}
    out = BytesIO()
    image.save(out, form, exif=exif, quality=90)
    return out.getvalue()


def _dms(value: float) -> tuple[float, float, float]:
    degrees = int(value)
    minutes = int((value - degrees) * 60)
    return float(degrees), float(minutes), round(((value - degrees) * 60 - minutes) * 60, 4)


def file_of(answer: Any) -> bytes:
    """What a streamed answer holds; its file closed, the test's connection left open."""
    content = b"".join(answer.streaming_content)
    for close in answer._resource_closers:
        close()
    return content


def metres_east(metres: float) -> dict[str, Any]:
    """HERE, moved east."""
    return {"lon": HERE["lon"] + metres / 88_500, "lat": HERE["lat"]}


def point(lon: float, lat: float) -> Point:
    return Point(lon, lat, srid=4326)
