"""Fills the scratch database: a gateway with its streams, car parks whose free spaces it counts,
and a table for the one receiver."""

import os
import sys

import django

STREAMS = 5_000
CAR_PARKS = 400


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "citizen.settings"
    django.setup()
    from django.contrib.gis.geos import Point, Polygon
    from django.core.management import call_command
    from django.db import connection, transaction

    from apps.base import clock
    from apps.city.models import City
    from apps.parking.services import provisioning as parking
    from devices.ingest import partitions
    from devices.models import Datastream, ObservedProperty, Thing
    from devices.services.gateways import create_gateway
    from devices.services.provisioning import PropertyPlan, define_property

    call_command("migrate", verbosity=0, stdout=sys.stderr)
    partitions.run_ahead()
    with transaction.atomic():
        City.objects.create(
            code="bench", names={"en": "Bench"}, srid=5186, time_zone="Asia/Seoul", country="KR",
            languages=["en"], bounds=Polygon.from_bbox((127.0, 37.3, 127.4, 37.6)),
            centre=Point(127.2, 37.45),
        )  # fmt: skip
        level = define_property(PropertyPlan(code="level", names={"en": "Level"}, unit="m"))
        gateway, key = create_gateway(code="bench", names={"en": "Bench"}, actor="bench")
        thing = Thing.objects.create(
            code="bench", gateway=gateway, created_at=clock.now(), names={"en": "Bench"}
        )
        Datastream.objects.bulk_create(
            Datastream(
                code=f"s{n}", gateway=gateway, thing=thing, observed_property=level, unit="m",
                low=-10, high=1000, expected_interval_s=60, created_at=clock.now(),
            )
            for n in range(STREAMS)
        )  # fmt: skip
        parking.define_properties()
        free = ObservedProperty.objects.get(code="parking_free")
        for n in range(CAR_PARKS):
            Datastream.objects.create(
                code=f"free{n}", gateway=gateway, thing=thing, observed_property=free,
                unit=free.unit, expected_interval_s=60, created_at=clock.now(),
            )  # fmt: skip
            parking.provision_site(
                parking.SitePlan(
                    code=f"park-{n}", names={"en": f"Car park {n}"}, kind="lot",
                    lon=127.0 + n % 20 / 100, lat=37.4 + n // 20 / 100,
                    pools=(parking.PoolPlan(total=100),),
                )
            )  # fmt: skip
            parking.connect_feed(
                parking.FeedPlan(
                    gateway="bench", datastream=f"free{n}", site=f"park-{n}", role="free"
                )
            )
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE bench_highest (datastream_id int PRIMARY KEY, value float8)"
                " WITH (fillfactor = 70)"
            )
    sys.stdout.write(key)


if __name__ == "__main__":
    main()
