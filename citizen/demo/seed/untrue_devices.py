"""The devices of Dalbit that do not tell the truth (`citizen.demo.world.faults`), as they stand in
the database on the first day."""

from apps.base import clock
from apps.parking.models import PoolFeed
from apps.parking.services.provisioning import FeedPlan, connect_feed
from citizen.demo.seed.gateway_keys import gateway_of
from citizen.demo.world.faults import DEAD, DEAD_FOR, OPERATORS_COUNT, STATION
from citizen.demo.world.town import Town
from devices.ingest.accept import accept
from devices.ingest.speaker import known_as
from devices.models import LastObservation, Observation
from devices.protocols.batch import read_rows
from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing

GATEWAY = "GW-GARAGE"
EVERY_S = 60


def seed_untrue_devices(town: Town) -> None:
    _operators_count(town)
    _last_words()


def _operators_count(town: Town) -> None:
    """A third voice about the tower, beside its gates and its guidance."""
    stream = DatastreamPlan(
        code=OPERATORS_COUNT, observed_property="parking_occupied", expected_interval_s=EVERY_S
    )
    site = next(site for site in town.sites if site.code == STATION)
    thing = ThingPlan(
        code=f"{STATION}-operator",
        names={"ko": "운영사 집계 화면", "en": "The operator's count"},
        lon=site.lon,
        lat=site.lat,
        datastreams=(stream,),
    )
    provision_thing(gateway=gateway_of(town, GATEWAY), plan=thing)
    connect_feed(
        FeedPlan(
            gateway=GATEWAY, datastream=OPERATORS_COUNT, site=STATION, role=PoolFeed.Role.OCCUPIED
        )
    )


def _last_words() -> None:
    """What the dead said last, when they said it."""
    died_at = clock.now() - DEAD_FOR
    feeds = PoolFeed.objects.filter(datastream__code__in=DEAD).select_related("datastream__gateway")
    for feed in feeds.exclude(datastream__last__isnull=False):
        stream = feed.datastream
        word = {"datastream": stream.code, "phenomenonTime": died_at.isoformat(), "result": 1}
        accept(read_rows([word]), known_as(stream.gateway.code))
        heard = {"received_at": died_at}
        Observation.objects.filter(datastream=stream, phenomenon_at=died_at).update(**heard)
        LastObservation.objects.filter(datastream=stream).update(**heard, changed_at=died_at)
