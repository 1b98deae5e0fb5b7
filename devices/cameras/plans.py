"""Rows ⇄ what the process `cameras` works by: one frozen plan for each camera."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.fernet import InvalidToken

from apps.base.sealing import unseal
from apps.city.models import the_city
from devices.cameras.plane import NoPlane, Plane, plane_of
from devices.models import Camera
from devices.services.cameras import health_code, url_of

Hours = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class DrawnZone:
    pk: int
    code: str
    kind: str
    points: tuple[tuple[float, float], ...]
    rules: tuple[Mapping[str, Any], ...]
    streams: Mapping[str, str]
    """What it tells → the datastream's code."""


@dataclass(frozen=True)
class CameraPlan:
    pk: int
    code: str
    gateway: str
    revision: int
    kind: str
    url: str = field(repr=False)
    onvif_url: str = field(repr=False)
    subject: str
    decode_fps: float
    analyse_fps: float
    hours: Hours
    zone: ZoneInfo
    aspect: float | None
    plane: Plane | None
    tuning: Mapping[str, float]
    reference: bytes = field(repr=False)
    head: Mapping[str, Any] = field(repr=False)
    detector: str
    collects: bool
    health_stream: str
    zones: tuple[DrawnZone, ...]

    @property
    def key(self) -> tuple[int, int]:
        """Another one means: look at it anew."""
        return self.pk, self.revision

    def is_awake(self, at: datetime) -> bool:
        return is_within(self.hours, at.astimezone(self.zone).time())

    def lonlat(self, metres: tuple[float, float] | None) -> tuple[float, float] | None:
        if metres is None or self.plane is None:
            return None
        return self.plane.lonlat_of_metres(*metres)


def is_within(hours: Hours, local: time) -> bool:
    """Hours that end before they begin go on over midnight; none means always."""
    if not hours:
        return True
    return any(
        begins <= local < ends if begins <= ends else local >= begins or local < ends
        for begins, ends in ((time.fromisoformat(a), time.fromisoformat(b)) for a, b in hours)
    )


def read_plans(*, shard: int = 0, shards: int = 1) -> list[CameraPlan]:
    """Of every camera that is to be watched; one that can't be read does not hide the others."""
    rows = Camera.objects.watched().of_shard(shard, shards).select_related("thing__gateway")
    city = the_city()
    rows = rows.prefetch_related("zones__streams__datastream")
    return [_plan(row, city.zone, city.srid) for row in rows]


def _plan(row: Camera, zone: ZoneInfo, srid: int) -> CameraPlan:
    return CameraPlan(
        pk=row.pk, code=row.thing.code, gateway=row.thing.gateway.code, revision=row.revision,
        kind=row.kind, url=_opened(row), onvif_url=_events_of(row), subject=row.subject,
        decode_fps=row.decode_fps, analyse_fps=row.analyse_fps, hours=row.hours, zone=zone,
        aspect=row.aspect, plane=_plane(row, srid), tuning=row.tuning,
        reference=bytes(row.reference), head=row.head, detector=row.detector,
        collects=row.collects_patches,
        health_stream=health_code(row), zones=tuple(_zones(row)),
    )  # fmt: skip


def _opened(row: Camera) -> str:
    """The address; empty where it was sealed with another key, which adapters refuse."""
    try:
        return url_of(row)
    except InvalidToken:
        return ""


def _events_of(row: Camera) -> str:
    try:
        return unseal(row.onvif_sealed) if row.onvif_sealed else ""
    except InvalidToken:
        return ""


def _plane(row: Camera, srid: int) -> Plane | None:
    try:
        return plane_of(row.marks, srid=srid)
    except NoPlane:
        return None


def _zones(row: Camera) -> Iterator[DrawnZone]:
    for zone in row.zones.all():
        yield DrawnZone(
            pk=zone.pk,
            code=zone.code,
            kind=zone.kind,
            points=tuple((float(x), float(y)) for x, y in zone.points),
            rules=tuple(zone.rules),
            streams={stream.tells: stream.datastream.code for stream in zone.streams.all()},
        )
