"""What the water does in the town, for browser tests; run as a process of its own.

python -m tests.support.water_desk rise      a gauge rises over its alarm level, a street floods
python -m tests.support.water_desk fall      it falls again, and the street is dry
"""

import sys
from datetime import timedelta

import django

django.setup()

# These need Django to be set up, hence E402.
from django.contrib.gis.geos import LineString  # noqa: E402

from apps.base import clock, work  # noqa: E402
from apps.city.models import Obstruction, the_city  # noqa: E402
from apps.city.services.obstructions import (  # noqa: E402
    Facts,
    close_reference,
    open_obstruction,
)
from apps.hazards.services.provisioning import (  # noqa: E402
    StationPlan,
    define_properties,
    provision_station,
)
from devices.ingest.accept import accept  # noqa: E402
from devices.ingest.speaker import known_as  # noqa: E402
from devices.models import Gateway  # noqa: E402
from devices.protocols.batch import read_rows  # noqa: E402
from devices.services.gateways import create_gateway  # noqa: E402
from devices.services.provisioning import (  # noqa: E402
    DatastreamPlan,
    ThingPlan,
    provision_thing,
)

GATEWAY, STREAM, STREET = "GW-WATER-WEB", "stage.web", "street:web"
STEP = timedelta(minutes=10)
LEVELS = {"attention": 1.8, "warning": 2.6, "alarm": 3.6, "serious": 4.4}


def rise() -> None:
    centre = the_city().centre
    _gauge(centre.x - 0.001, centre.y)
    _say(0.7, 0.8, 0.9, 1.0, 1.9, 2.8, 3.7, until=STEP)
    line = LineString(
        (centre.x - 0.002, centre.y - 0.001), (centre.x + 0.002, centre.y - 0.001), srid=4326
    )
    facts = Facts(
        kind=Obstruction.Kind.FLOOD, geom=line, depth_m=0.6, certainty=0.9, description="강변로"
    )
    open_obstruction(source="hazards", reference=STREET, facts=facts, actor="test", confirmed=True)


def fall() -> None:
    _say(2.9)  # faster would not be believed
    close_reference(source="hazards", reference=STREET, actor="test")


def _gauge(lon: float, lat: float) -> None:
    define_properties()
    if not Gateway.objects.filter(code=GATEWAY).exists():
        create_gateway(code=GATEWAY, names={"en": "Water"}, actor="test")
    stream = DatastreamPlan(
        code=STREAM, observed_property="river_stage", unit="m", expected_interval_s=600
    )
    plan = ThingPlan(code="post.web", names={"en": "Post"}, lon=lon, lat=lat, datastreams=(stream,))
    provision_thing(gateway=Gateway.objects.get(code=GATEWAY), plan=plan)
    provision_station(
        StationPlan(
            code="WEB-BRIDGE", names={"": "달빛교", "ko": "달빛교", "en": "Dalbit Bridge"},
            kind="stage", gateway=GATEWAY, datastream=STREAM, lon=lon, lat=lat, levels=LEVELS,
        )
    )  # fmt: skip


def _say(*stages_m: float, until: timedelta = timedelta()) -> None:
    """Readings ten minutes apart, the last one `until` ago."""
    first = clock.now() - until - (len(stages_m) - 1) * STEP
    for n, stage_m in enumerate(stages_m):
        at = (first + n * STEP).isoformat()
        row = {"datastream": STREAM, "phenomenonTime": at, "result": stage_m}
        accept(read_rows([row]), known_as(GATEWAY))
    while work.sweep():
        pass


if __name__ == "__main__":
    {"rise": rise, "fall": fall}[sys.argv[1]]()
