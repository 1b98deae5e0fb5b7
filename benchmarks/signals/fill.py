"""Fills the scratch database: the crossroads under adaptive control, its controller at a port that
the environment names."""

import os
import sys

import django

PORT = "BENCH_CONTROLLER_PORT"


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "citizen.settings"
    django.setup()
    from django.contrib.gis.geos import Point, Polygon
    from django.core.management import call_command

    from apps.city.models import City
    from apps.traffic.services.control import switch_mode
    from benchmarks.signals.crossroads import settle

    call_command("migrate", verbosity=0, stdout=sys.stderr)
    City.objects.create(
        code="bench", names={"en": "Bench"}, srid=5186, time_zone="Asia/Seoul", country="KR",
        languages=["en"], bounds=Polygon.from_bbox((126.9, 37.4, 127.1, 37.6)),
        centre=Point(127.01, 37.51),
    )  # fmt: skip
    junction = settle(("127.0.0.1", int(os.environ[PORT])))
    for mode in ("shadow", "adaptive"):
        switch_mode(junction=junction, mode=mode, actor="bench")


if __name__ == "__main__":
    main()
