"""Cameras into the catalogue: where they are, what is drawn over their picture, and the datastreams
that tell what is seen there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from apps.base import audit, clock
from apps.base.problems import Invalid
from apps.base.sealing import seal, unseal
from apps.city.models import the_city
from devices.adapters.video import video_adapters
from devices.cameras.addresses import BadAddress, read_address
from devices.cameras.plane import NoPlane, plane_of
from devices.models import (
    Camera,
    CameraState,
    CameraZone,
    Datastream,
    ObservedProperty,
    Thing,
    ZoneStream,
)
from devices.services.provisioning import (
    DatastreamPlan,
    PropertyPlan,
    define_property,
    provision_datastream,
    retire_datastream,
)

SCHEMES = {"rtsp": ("rtsp",), "mjpeg": ("http", "https"), "video_file": ("file",)}
HEALTH_EVERY_S = 30
BAYS_EVERY_S = 20
LEVELS_EVERY_S = 60
MOST_ZONES = 400
CODE = re.compile(r"[A-Za-z0-9_-]{1,60}")
GAUGE, COUNTER, STATE = ObservedProperty.Kind


def _observes(
    code: str, en: str, ko: str, unit: str, kind: str = GAUGE, high: float | None = None
) -> PropertyPlan:
    names = {"en": en, "ko": ko}
    return PropertyPlan(code=code, names=names, unit=unit, kind=kind, low=0, high=high)


BAY_OCCUPANCY = _observes(
    "bay_occupancy", "Probability that a bay is taken", "주차면 점유 확률", "1", high=1
)
PROPERTIES = (
    BAY_OCCUPANCY,
    _observes("camera_sees", "Camera sees", "카메라 정상", "1", STATE, 1),
    _observes("vehicles_passed", "Vehicles passed", "통과 차량 누계", "{count}", COUNTER),
    _observes("people_passed", "People passed", "통과 보행자 누계", "{count}", COUNTER),
    _observes("vehicles_present", "Vehicles in an area", "구역 내 차량 수", "{count}"),
    _observes("people_present", "People in an area", "구역 내 보행자 수", "{count}"),
    _observes("area_covered", "Covered share of an area", "구역 점유율", "1", high=1),
    _observes("vehicle_speed", "Speed of vehicles", "차량 속도", "km/h", high=300),
    _observes("people_density", "People a square metre", "보행자 밀도", "{count}/m2"),
    _observes(
        "congestion_level",
        "Congestion, 0 free to 3 jammed",
        "소통 등급 (0 원활, 3 정체)",
        "1",
        STATE,
        3,
    ),
)

# What an area can be watched for, with what staff may set; the rest is as `devices.vision.rules`
# has it, which only the process `cameras` loads.
WATCHED_FOR: dict[str, dict[str, Any]] = {
    "stopped_vehicle": {"after_s": 8.0},
    "illegal_parking": {"after_s": 60.0},
    "wrong_way": {"arrow": [[0.5, 0.0], [0.5, 1.0]]},
    "accident": {},
    "jam": {"after_s": 20.0},
    "fall": {"after_s": 2.0},
    "intrusion": {"hours": []},
    "loitering": {"after_s": 60.0},
    "crowd": {"people_per_m2": 2.15},
    "abandoned_object": {"after_s": 20.0},
}

Fact = tuple[str, str, int | None]  # tells, observed property, expected interval


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonePlan:
    """`points` are shares of the picture's width and height, `rules` what an area is watched for
    (`devices.vision.rules`)."""

    code: str
    kind: str
    points: Sequence[tuple[float, float]]
    names: Mapping[str, str] = field(default_factory=dict)
    rules: Sequence[Mapping[str, Any]] = ()


def define_properties() -> None:
    for plan in PROPERTIES:
        define_property(plan)


@transaction.atomic
def connect_camera(
    *, thing: Thing, kind: str, url: str, actor: str, onvif_url: str = "", **facts: Any
) -> Camera:
    """Say where a thing that is a camera sends its pictures. Again with the same thing: anew.

    Raises:
        Invalid: no such kind, or an address that this kind cannot have.
    """
    define_properties()
    columns = {**address_columns(kind=kind, url=url, onvif_url=onvif_url), **facts}
    camera, created = Camera.objects.update_or_create(
        thing=thing, defaults=columns, create_defaults=columns | {"created_at": clock.now()}
    )
    CameraState.objects.get_or_create(camera=camera)
    _stream(camera, health_code(camera), "camera_sees", HEALTH_EVERY_S)
    if not created:
        camera_changed(camera)
    record(camera, "connected", actor, kind=kind)
    return camera


def address_columns(*, kind: str, url: str, onvif_url: str = "") -> dict[str, Any]:
    """The columns of an address; the secret ones sealed. Raises Invalid."""
    if kind not in video_adapters:
        raise Invalid(errors={"kind": _("There is no adapter of this kind.")})
    columns = {"kind": kind, "shown_url": shown(url, SCHEMES[kind], "url")}
    columns |= {"url_sealed": seal(url.strip()), "onvif_sealed": ""}
    if onvif_url:
        shown(onvif_url, ("http", "https"), "onvif_url")
        columns["onvif_sealed"] = seal(onvif_url.strip())
    return columns


def shown(url: str, schemes: Sequence[str], name: str) -> str:
    """What of an address may be seen. Raises Invalid."""
    try:
        return read_address(url, schemes).shown[:500]
    except BadAddress as error:
        raise Invalid(errors={name: _("This is no address that a camera of this kind has.")}) from (
            error
        )


def url_of(camera: Camera) -> str:
    return unseal(camera.url_sealed)


def move_camera(*, camera: Camera, url: str) -> None:
    """Say that its pictures come from elsewhere now. Raises Invalid."""
    columns = address_columns(kind=camera.kind, url=url)
    del columns["onvif_sealed"]
    Camera.objects.filter(pk=camera.pk).update(**columns)
    camera_changed(camera)


def camera_changed(camera: Camera) -> None:
    """Whoever watches it takes it up anew."""
    Camera.objects.filter(pk=camera.pk).update(revision=F("revision") + 1)


@transaction.atomic
def draw(
    *,
    camera: Camera,
    zones: Sequence[ZonePlan],
    marks: Sequence[Sequence[float]] | None = None,
    aspect: float | None = None,
    actor: str,
) -> None:
    """What is drawn over a camera's picture, whole: zones that are not among `zones` go, their
    datastreams retire. How the view looked is learned anew with it.

    Raises:
        Invalid: points outside the picture, too few of them, marks that span no plane.
    """
    locked = Camera.objects.select_for_update().select_related("thing__gateway").get(pk=camera.pk)
    _check(zones, marks, aspect)
    _drop(locked, {plan.code for plan in zones})
    for plan in zones:
        _draw_zone(locked, plan)
    changes: dict[str, Any] = {"reference": b""}
    if marks is not None:
        changes["marks"] = [list(map(float, mark)) for mark in marks]
    if aspect is not None:
        changes["aspect"] = aspect
    Camera.objects.filter(pk=camera.pk).update(**changes)
    camera_changed(camera)
    record(camera, "drawn", actor, zones=len(zones))


def _check(
    zones: Sequence[ZonePlan], marks: Sequence[Sequence[float]] | None, aspect: float | None
) -> None:
    wrong: dict[str, Any] = {}
    if aspect is not None and not 0.2 <= aspect <= 5:
        wrong["aspect"] = _("No picture is as wide or as high as that.")
    if len(zones) > MOST_ZONES or len({plan.code for plan in zones}) < len(zones):
        wrong["zones"] = _("Each zone needs a code of its own, and there may be 400.")
    for plan in zones:
        if not CODE.fullmatch(plan.code):
            wrong[plan.code[:60]] = _("A code is made of letters, digits, - and _, 60 at most.")
            continue
        if plan.kind not in CameraZone.Kind.values:
            wrong[plan.code] = _("Not known: %s.") % plan.kind
            continue
        least = {CameraZone.Kind.LINE: 2, CameraZone.Kind.BAY: 4}.get(CameraZone.Kind(plan.kind), 3)
        inside = all(-0.5 <= value <= 1.5 for point in plan.points for value in point)
        if len(set(map(tuple, plan.points))) < least or not inside:
            wrong[plan.code] = _("It needs more points, all of them in the picture.")
        if unknown := {str(rule.get("kind")) for rule in plan.rules} - WATCHED_FOR.keys():
            wrong[plan.code] = _("Not known: %s.") % ", ".join(sorted(unknown))
        if plan.kind != CameraZone.Kind.AREA and len(plan.points) != least:
            wrong[plan.code] = _("A line has two ends, a bay four corners.")
    if marks:
        try:
            plane_of(marks, srid=the_city().srid)
        except (NoPlane, ValueError, IndexError) as error:
            wrong["marks"] = str(error)
    if wrong:
        raise Invalid(errors=wrong)


def _draw_zone(camera: Camera, plan: ZonePlan) -> CameraZone:
    facts: dict[str, Any] = {
        "kind": plan.kind,
        "names": dict(plan.names),
        "points": [[float(x), float(y)] for x, y in plan.points],
        "rules": [dict(rule) for rule in plan.rules],
    }
    zone, _created = CameraZone.objects.update_or_create(
        camera=camera, code=plan.code, defaults=facts,
        create_defaults=facts | {"created_at": clock.now()},
    )  # fmt: skip
    for tells, observed, every_s in facts_of(camera, zone):
        stream = _stream(camera, f"{camera.thing.code}:{zone.code}:{tells}", observed, every_s)
        ZoneStream.objects.update_or_create(zone=zone, tells=tells, defaults={"datastream": stream})
    return zone


def facts_of(camera: Camera, zone: CameraZone) -> tuple[Fact, ...]:
    """What a zone's datastreams tell."""
    vehicles = camera.subject == Camera.Subject.VEHICLES
    passed = "vehicles_passed" if vehicles else "people_passed"
    match zone.kind:
        case CameraZone.Kind.BAY:
            return (("occupancy", BAY_OCCUPANCY.code, BAYS_EVERY_S),)
        case CameraZone.Kind.LINE:
            speed: tuple[Fact, ...] = (("speed", "vehicle_speed", None),) if vehicles else ()
            return (
                ("forward", passed, LEVELS_EVERY_S), ("backward", passed, LEVELS_EVERY_S), *speed,
            )  # fmt: skip
    if vehicles:
        return (
            ("count", "vehicles_present", LEVELS_EVERY_S),
            ("covered", "area_covered", LEVELS_EVERY_S),
            ("speed", "vehicle_speed", None), ("congestion", "congestion_level", None),
        )  # fmt: skip
    return (
        ("count", "people_present", LEVELS_EVERY_S),
        ("covered", "area_covered", LEVELS_EVERY_S), ("density", "people_density", None),
    )  # fmt: skip


def _drop(camera: Camera, kept: set[str]) -> None:
    gone = camera.zones.exclude(code__in=kept)
    for stream in ZoneStream.objects.filter(zone__in=gone).select_related("datastream"):
        retire_datastream(datastream=stream.datastream)
    gone.delete()


def health_code(camera: Camera) -> str:
    return f"{camera.thing.code}:sees"


def _stream(camera: Camera, code: str, observed: str, every_s: int | None) -> Datastream:
    if len(code) > 80:
        raise Invalid(errors={"code": _("Together with the thing's, this code is too long.")})
    plan = DatastreamPlan(code=code, observed_property=observed, expected_interval_s=every_s)
    return provision_datastream(camera.thing, plan)


def record(camera: Camera, action: str, actor: str, **detail: Any) -> None:
    audit.record(
        actor=actor,
        action=f"devices.camera.{action}",
        subject=f"camera:{camera.thing.code}",
        detail=detail,
    )
