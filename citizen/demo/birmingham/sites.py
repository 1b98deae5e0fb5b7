"""The recorded car parks as sites of the scenario's town, each fed by a datastream of its own."""

from collections.abc import Mapping

from apps.city.models import Street
from apps.parking.models import ParkingSite, PoolFeed
from apps.parking.services.provisioning import (
    FeedPlan,
    PoolPlan,
    SitePlan,
    connect_feed,
    define_properties,
    provision_site,
)
from citizen.demo.birmingham.layout import LonLat, spread
from devices.services.gateways import create_gateway
from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing

GATEWAY = "birmingham"
ACTOR = "demo:replay"
EVERY_S = 1800


def provision(capacities: Mapping[str, int]) -> str:
    """Put the sites on the map. Returns the key of the gateway that speaks for them."""
    define_properties()
    gateway, key = create_gateway(
        code=GATEWAY,
        names={"en": "Birmingham recording", "ko": "버밍엄 기록"},
        actor=ACTOR,
    )
    places = spread(_points_of_streets(), len(capacities))
    for (code, capacity), (lon, lat) in zip(capacities.items(), places, strict=True):
        name = code.upper()
        provision_site(
            SitePlan(
                code=code,
                names={"": name, "en": name},
                kind=ParkingSite.Kind.GARAGE,
                lon=lon,
                lat=lat,
                approximate=True,
                pools=(PoolPlan(total=capacity),),
                source="Birmingham City Council, Open Government Licence",
            )
        )
        stream = DatastreamPlan(
            code=code, observed_property="parking_occupied", expected_interval_s=EVERY_S
        )
        thing = ThingPlan(code=code, names={"": name}, lon=lon, lat=lat, datastreams=(stream,))
        provision_thing(gateway=gateway, plan=thing)
        connect_feed(
            FeedPlan(gateway=GATEWAY, datastream=code, site=code, role=PoolFeed.Role.OCCUPIED)
        )
    return key


def _points_of_streets() -> list[LonLat]:
    points: list[LonLat] = []
    for street in Street.objects.current().order_by("pk").iterator():
        for line in street.geom.coords:
            points.extend((round(x, 7), round(y, 7)) for x, y, *_ in line)
    return points
