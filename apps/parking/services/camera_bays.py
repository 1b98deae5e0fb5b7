"""Bays that cameras see: which drawn zone speaks for which bay.

A zone is a bay's if it bears the bay's code, or, where the picture is tied to the map, if its
middle lies on the bay.
"""

from dataclasses import dataclass

import numpy as np
from django.db import transaction

from apps.base import audit
from apps.base.geo import metres_between
from apps.city.models import the_city
from apps.parking.models import Bay, ParkingSite, PoolFeed
from apps.parking.services.provisioning import FeedPlan, connect_feed
from devices.cameras.plane import NoPlane, Plane, plane_of
from devices.models import Camera, CameraZone, ZoneStream

NEAREST_M = 1.8


@dataclass(frozen=True, slots=True)
class Linked:
    """Zones that speak for a bay now, and the codes of those that are nobody's."""

    bays: int
    unknown: tuple[str, ...]


@transaction.atomic
def link_bays(*, site: ParkingSite, camera: Camera, actor: str) -> Linked:
    """Let a camera's bay zones speak for the bays of a site. May be repeated after each drawing."""
    bays = list(Bay.objects.filter(pool__site=site).select_related("pool"))
    plane = _plane(camera)
    linked, unknown = 0, []
    zones = ZoneStream.objects.filter(zone__camera=camera, tells="occupancy")
    for stream in zones.select_related("zone", "datastream__gateway"):
        bay = _bay_of(stream.zone, bays, plane)
        if bay is None:
            unknown.append(stream.zone.code)
            continue
        connect_feed(
            FeedPlan(
                gateway=stream.datastream.gateway.code, datastream=stream.datastream.code,
                site=site.code, category=bay.pool.category, role=PoolFeed.Role.BAY, bay=bay.code,
            )
        )  # fmt: skip
        linked += 1
    audit.record(
        actor=actor, action="parking.bays_linked", subject=f"site:{site.code}",
        detail={"camera": camera.thing.code, "bays": linked, "unknown": len(unknown)},
    )  # fmt: skip
    return Linked(linked, tuple(unknown))


def _plane(camera: Camera) -> Plane | None:
    try:
        return plane_of(camera.marks, srid=the_city().srid)
    except NoPlane:
        return None


def _bay_of(zone: CameraZone, bays: list[Bay], plane: Plane | None) -> Bay | None:
    named = next((bay for bay in bays if bay.code == zone.code), None)
    if named is not None or plane is None:
        return named
    x, y = np.mean(zone.points, axis=0)
    lon, lat = plane.lonlat(float(x), float(y))
    near = [(_apart_m(bay, lon, lat), bay.pk, bay) for bay in bays if bay.geom]
    apart_m, _pk, nearest = min(near, default=(float("inf"), 0, None))
    return nearest if apart_m <= NEAREST_M else None


def _apart_m(bay: Bay, lon: float, lat: float) -> float:
    assert bay.geom is not None
    return float(metres_between(bay.geom.x, bay.geom.y, lon, lat))


def cameras_at(site: ParkingSite) -> list[Camera]:
    """Cameras that see bays of this site, or stand near enough to."""
    seeing = Camera.objects.filter(zones__streams__datastream__pool_feed__pool__site=site)
    near = Camera.objects.filter(zones__kind=CameraZone.Kind.BAY, thing__geom__isnull=False)
    found = (seeing | near).select_related("thing", "state").distinct()
    return [camera for camera in found if _is_near(camera, site)]


def _is_near(camera: Camera, site: ParkingSite, within_m: float = 250.0) -> bool:
    place = camera.thing.geom
    if place is None:
        return True
    return float(metres_between(place.x, place.y, site.geom.x, site.geom.y)) <= within_m
