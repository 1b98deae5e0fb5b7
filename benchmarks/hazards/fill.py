"""A city with twenty underpasses, their gauges, a policy agreed on beforehand, and some phones."""

import django

django.setup()

from django.contrib.gis.geos import Point, Polygon  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from apps.alerts.models import Policy  # noqa: E402
from apps.city.models import City  # noqa: E402
from apps.hazards.services.provisioning import (  # noqa: E402
    StationPlan,
    define_properties,
    provision_station,
)
from apps.notify.core import cells  # noqa: E402
from apps.notify.models import Registration  # noqa: E402
from devices.services.gateways import create_gateway  # noqa: E402
from devices.services.provisioning import (  # noqa: E402
    DatastreamPlan,
    ThingPlan,
    provision_thing,
)

GAUGES = 20
PHONES = 500
GATEWAY = "bench"
PLACE = (127.26, 37.43)


def fill() -> None:
    lon, lat = PLACE
    City.objects.create(
        code="bench", names={"en": "Bench"}, srid=5186, time_zone="Asia/Seoul", country="KR",
        languages=["ko", "en"], bounds=Polygon.from_bbox((127.2, 37.4, 127.3, 37.46)),
        centre=Point(*PLACE),
    )  # fmt: skip
    define_properties()
    gateway, _key = create_gateway(code=GATEWAY, names={"en": "Bench"}, actor="bench")
    streams = [DatastreamPlan(code=f"stage-{n}", observed_property="river_stage", unit="m",
                              expected_interval_s=60) for n in range(GAUGES)]  # fmt: skip
    plan = ThingPlan(code="post", names={"en": "Post"}, datastreams=tuple(streams))
    provision_thing(gateway=gateway, plan=plan)
    for n in range(GAUGES):
        provision_station(
            StationPlan(code=f"GAUGE-{n}", names={"en": f"Gauge {n}"}, kind="stage",
                        gateway=GATEWAY, datastream=f"stage-{n}", lon=lon, lat=lat,
                        levels={"attention": 1.0, "warning": 1.2, "alarm": 1.4})
        )  # fmt: skip
    Policy.objects.create(
        name="Bench", kind="flood", severity_from="Severe", certainty_from="Observed",
        agreed_by="bench",
    )  # fmt: skip
    now = timezone.now()
    Registration.objects.bulk_create(
        Registration(
            platform="android", transport="fcm", address=f"ok-{n}", address_hash=f"{n:064d}",
            locale="ko", cell=cells.cell_at(lon, lat, cells.COARSE), cell_at=now, muted=[],
            created_at=now, seen_at=now,
        )
        for n in range(PHONES)
    )  # fmt: skip


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    fill()
