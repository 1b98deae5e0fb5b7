"""The walk of the cameras: a lot that is seen, a camera that somebody turns, a car park that says
it does not know rather than something wrong."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from django.contrib.gis.geos import Polygon

from apps.city.models import City
from apps.parking.models import ParkingSite as SiteRow
from apps.parking.models import PoolState
from apps.parking.services.camera_bays import link_bays
from apps.parking.services.provisioning import (
    BayPlan,
    PoolPlan,
    SitePlan,
    define_properties,
    provision_site,
)
from citizen.demo.cameras.lot import LotView
from citizen.demo.world.parking import LOT, Bay, ParkingSite, Pool
from citizen.demo.world.plane import ring_to_lonlat, to_lonlat
from citizen.demo.world.shapes import Footprint
from devices.models import Alarm, Camera
from devices.services.cameras import ZonePlan, address_columns, draw
from tests.devices.cameras.conftest import Post, post, served

__all__ = ["post"]

# Whose cars stand there follows from the day.
A_DAY = datetime(2026, 11, 22, 3, tzinfo=UTC)
BAYS = 6


def the_lot() -> ParkingSite:
    """The middle row of the demo town's lot."""
    rings = [
        Footprint(LOT.place(-8.0 + 2.5 * n, -2.5), LOT.heading, 2.4, 4.9).ring()
        for n in range(BAYS)
    ]
    bays = tuple(
        Bay(f"B-{n}", "B", "general", ring_to_lonlat(ring), 2.4, 4.9)
        for n, ring in enumerate(rings)
    )
    lon, lat = to_lonlat(LOT.centre)
    return ParkingSite(
        "B", "camera_lot", "장터", "Market", lon, lat, ring_to_lonlat(LOT.ring()),
        (Pool("general", BAYS),), bays, (),
    )  # fmt: skip


@pytest.fixture
def camera(post: Post) -> tuple[Camera, LotView, dict[str, bool], list[float]]:
    City.objects.update(bounds=Polygon.from_bbox((127.2, 37.4, 127.3, 37.46)))
    define_properties()
    site, taken, turned = the_lot(), dict.fromkeys((f"B-{n}" for n in range(BAYS)), False), [0.0]
    provision_site(
        SitePlan(
            code="B", names={"en": "Market"}, kind="lot", lon=site.lon, lat=site.lat,
            pools=(PoolPlan(total=BAYS, bays=tuple(BayPlan(code=b.code) for b in site.bays)),),
        )
    )  # fmt: skip
    view = LotView(site, lambda _at: dict(taken), lambda: turned[0])
    eye = post.install("eye", "http://127.0.0.1:9/")
    zones = [ZonePlan(code=s.code, kind="bay", points=view.corners(s)) for s in view.spaces]
    draw(camera=eye, zones=zones, marks=view.marks(), actor="test")
    linked = link_bays(site=SiteRow.objects.get(code="B"), camera=eye, actor="test")
    assert linked.bays == BAYS
    return eye, view, taken, turned


def shown() -> tuple[int | None, str]:
    found = PoolState.objects.get(pool__site__code="B")
    return found.occupied, found.quality


def park(taken: dict[str, bool], **cars: bool) -> Mapping[str, bool]:
    return taken | {f"B-{name[1:]}": there for name, there in cars.items()}


def test_a_turned_camera_makes_its_bays_unknown_not_wrong(
    post: Post, camera: tuple[Camera, LotView, dict[str, bool], list[float]]
) -> None:
    eye, view, taken, turned = camera
    with served(lambda _at: view.draw(A_DAY), fps=8) as url:
        Camera.objects.filter(pk=eye.pk).update(**address(url))
        with post.watched():
            post.until(lambda: shown() == (0, "live"))
            taken |= park(taken, b2=True, b4=True)
            post.until(lambda: shown() == (2, "live"))

            turned[0] = 6.0  # a hand's breadth
            seen = {shown()}
            post.until(lambda: seen.add(shown()) or shown()[1] == "unknown")  # type: ignore[func-returns-value]
            assert seen == {(2, "live"), (None, "unknown")}  # never another number
            assert Alarm.objects.open().get().kind == "blind"

            turned[0] = 0.0
            post.until(lambda: shown() == (2, "live"))


def address(url: str) -> dict[str, str]:
    return address_columns(kind="mjpeg", url=url)
