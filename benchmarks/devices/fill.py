"""Fills the scratch database: a gateway with its streams, and a table for the one receiver."""

import os
import sys

import django

STREAMS = 5_000


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "citizen.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from apps.base import clock
    from devices.ingest import partitions
    from devices.models import Datastream, Thing
    from devices.services.gateways import create_gateway
    from devices.services.provisioning import PropertyPlan, define_property

    call_command("migrate", verbosity=0, stdout=sys.stderr)
    partitions.run_ahead()
    with transaction.atomic():
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
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE bench_highest (datastream_id int PRIMARY KEY, value float8)"
                " WITH (fillfactor = 70)"
            )
    sys.stdout.write(key)


if __name__ == "__main__":
    main()
