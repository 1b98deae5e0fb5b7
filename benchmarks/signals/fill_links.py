"""Fills the scratch database: a grid of streets as links, a detector on each."""

import os
import sys

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "citizen.settings"
    django.setup()
    from django.contrib.gis.geos import Point, Polygon
    from django.core.management import call_command

    from apps.city.core.osm import Element, Node, Way
    from apps.city.models import City
    from apps.traffic.core.fusion import Source
    from apps.traffic.models import Link
    from apps.traffic.services.links import build_links
    from apps.traffic.services.sensing import attach_sensor, define_properties
    from devices.services.gateways import create_gateway
    from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing

    call_command("migrate", verbosity=0, stdout=sys.stderr)
    City.objects.create(
        code="bench", names={"en": "Bench"}, srid=5186, time_zone="Asia/Seoul", country="KR",
        languages=["en"], bounds=Polygon.from_bbox((126.9, 37.4, 127.1, 37.6)),
        centre=Point(127.01, 37.51),
    )  # fmt: skip
    define_properties()
    elements: list[Element] = [
        Node(100 * r + c + 1, 127 + 0.002 * c, 37.5 + 0.002 * r) for r in range(8) for c in range(8)
    ]
    rows = [tuple(100 * r + c + 1 for c in range(8)) for r in range(8)]
    tags = {"highway": "secondary"}
    elements += [
        Way(n + 1, nodes, tags) for n, nodes in enumerate([*rows, *zip(*rows, strict=True)])
    ]
    build_links(elements=elements)
    gateway, _key = create_gateway(code="roads", names={"en": "Roads"}, actor="bench")
    for link in Link.objects.all():
        stream = DatastreamPlan(code=f"{link.code}:speed", observed_property="traffic_speed")
        thing = provision_thing(
            gateway=gateway,
            plan=ThingPlan(code=link.code, names={"en": link.code}, datastreams=(stream,)),
        )
        attach_sensor(datastream=thing.datastreams.get(), link=link, source=Source.DETECTOR)


if __name__ == "__main__":
    main()
