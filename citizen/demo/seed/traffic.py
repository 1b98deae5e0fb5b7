"""Dalbit's streets as links, detectors in its greater ones, and road works."""

import math
from datetime import timedelta

from django.contrib.gis.geos import Point

from apps.base import clock
from apps.traffic.core.fusion import Source
from apps.traffic.models import Incident, Junction, Link, SignalGroup
from apps.traffic.services.incidents import Facts, report_incident
from apps.traffic.services.links import build_links
from apps.traffic.services.sensing import attach_sensor, define_properties
from citizen.demo.movement.roads import EVERY_S
from citizen.demo.seed.gateway_keys import gateway_of
from citizen.demo.world.junctions import SignalGroup as Head
from citizen.demo.world.town import Town
from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing

GATEWAY = "GW-ROAD"
GREATER = ("primary", "secondary", "tertiary")
MOST = 60
TURNED_DEG = 40.0


def seed_traffic(town: Town) -> None:
    define_properties()
    build_links()
    _bind_approaches(town)
    links = Link.objects.filter(highway__in=GREATER, in_use=True).order_by("-length_m", "code")
    for link in links[:MOST]:
        _put_detector(town, link)
    _road_works()


def _put_detector(town: Town, link: Link) -> None:
    middle = link.geom.interpolate_normalized(0.5)
    streams = tuple(
        DatastreamPlan(
            code=f"{link.code}:{what}", observed_property=f"traffic_{what}",
            expected_interval_s=EVERY_S,
        )
        for what in ("speed", "count")
    )  # fmt: skip
    thing = provision_thing(
        gateway=gateway_of(town, GATEWAY),
        plan=ThingPlan(
            code=f"loop-{link.code}", names={"en": f"Detector {link.code}"}, lon=middle.x,
            lat=middle.y, datastreams=streams,
        ),
    )  # fmt: skip
    for stream in thing.datastreams.all():
        attach_sensor(datastream=stream, link=link, source=Source.DETECTOR, period_s=EVERY_S)


def _bind_approaches(town: Town) -> None:
    """Which link leads to which head: the one that ends at the junction, coming from its arm."""
    for plan in town.junctions:
        junction = Junction.objects.get(code=plan.code.lower())
        arriving = list(Link.objects.filter(end__osm_id=plan.node_id, in_use=True))
        for head in plan.groups:
            if head.kind == "vehicle":
                link = next((one for one in arriving if _comes_from(one, head)), None)
                SignalGroup.objects.filter(junction=junction, number=head.number).update(
                    approach=link
                )


def _comes_from(link: Link, head: Head) -> bool:
    (lon, lat), (lon0, lat0) = link.geom[-1], link.geom[-2]
    east = (lon0 - lon) * math.cos(math.radians(lat))
    bearing_deg = math.degrees(math.atan2(east, lat0 - lat))
    turn_deg = (bearing_deg - head.bearing_deg + 180.0) % 360.0 - 180.0
    return abs(turn_deg) <= TURNED_DEG


def _road_works() -> None:
    link = Link.objects.filter(highway="secondary", in_use=True).order_by("code").first()
    if link is None:
        return
    middle = link.geom.interpolate_normalized(0.5)
    report_incident(
        source="demo", reference="road-works-1", actor="demo",
        facts=Facts(
            kind=Incident.Kind.ROAD_WORKS, severity=Incident.Severity.MEDIUM,
            geom=Point(middle.x, middle.y, srid=4326), description="상수도관 교체 공사",
            expected_until=clock.now() + timedelta(days=5),
        ),
    )  # fmt: skip
