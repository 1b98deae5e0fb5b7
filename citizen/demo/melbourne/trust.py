"""What becomes of real sensors, half of which have stood still for a month: the city as it would
stand at the snapshot's instant, had it listened all along.

Melbourne lies elsewhere: its bays are moved onto the city's map as a whole.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from apps.base import clock
from apps.city.models import the_city
from apps.parking.models import Bay, CapacityPool, ParkingSite, PoolFeed
from apps.parking.receivers import count_again
from apps.parking.selectors import site_rows
from apps.parking.services.provisioning import (
    BayPlan,
    PoolPlan,
    SitePlan,
    define_properties,
    provision_site,
)
from citizen.demo.melbourne.snapshot import Sensor
from devices.models import Datastream, Gateway, LastObservation, ObservedProperty, Thing
from devices.services.gateways import create_gateway
from devices.services.health import judge_health

GATEWAY = "melbourne"
ACTOR = "demo:melbourne"
SPEAKS_EVERY_S = 86_400  # a sensor that nobody parks on still says once a day that it lives
STUCK_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Told:
    """`naive_free` is what a city says that believes every last word."""

    sensors: int
    silent: int
    stuck: int
    naive_free: int
    trusted_free: int
    sites_without_number: int


def show(sensors: Sequence[Sensor]) -> Told:
    """1. streets and bays 2. their sensors with their last words 3. judge 4. count."""
    define_properties()
    zones: dict[str, list[Sensor]] = defaultdict(list)
    for sensor in sensors:
        zones[sensor.zone].append(sensor)
    _streets(zones, sensors)
    _last_words(sensors)
    judge_health()
    ids = list(Datastream.objects.filter(gateway__code=GATEWAY).values_list("pk", flat=True))
    count_again(ids)
    return _told(sensors)


def _streets(zones: dict[str, list[Sensor]], sensors: Sequence[Sensor]) -> None:
    centre = the_city().centre
    east = centre.x - sum(sensor.lon for sensor in sensors) / len(sensors)
    north = centre.y - sum(sensor.lat for sensor in sensors) / len(sensors)
    for zone, theirs in sorted(zones.items()):
        bays = tuple(
            BayPlan(code=_code(one.bay), lon=one.lon + east, lat=one.lat + north) for one in theirs
        )
        provision_site(
            SitePlan(
                code=f"{GATEWAY}-{zone}",
                names={"": f"Zone {zone}", "en": f"Zone {zone}"},
                kind=ParkingSite.Kind.STREET,
                lon=theirs[0].lon + east,
                lat=theirs[0].lat + north,
                pools=(PoolPlan(total=len(theirs), bays=bays),),
                approximate=True,
                source=GATEWAY,
            )
        )


def _code(bay: str) -> str:
    return f"{GATEWAY}-bay-{bay}"


def _last_words(sensors: Sequence[Sensor]) -> None:
    """Many rows at once: this is a past, not a batch that comes in now."""
    now = clock.now()
    gateway, _key = create_gateway(code=GATEWAY, names={"": "Melbourne"}, actor=ACTOR)
    thing = Thing.objects.create(
        code=GATEWAY, names={"": "Melbourne"}, gateway=gateway, created_at=now
    )
    streams = _streams(sensors, gateway, thing)
    bays = {bay.code: bay for bay in Bay.objects.filter(pool__site__source=GATEWAY)}
    PoolFeed.objects.bulk_create(
        PoolFeed(
            datastream=stream,
            pool_id=bays[_code(stream.code)].pool_id,
            role=PoolFeed.Role.BAY,
            bay=bays[_code(stream.code)],
        )
        for stream in streams
    )
    by_bay = {sensor.bay: sensor for sensor in sensors}
    LastObservation.objects.bulk_create(_last(stream, by_bay[stream.code]) for stream in streams)


def _streams(sensors: Sequence[Sensor], gateway: Gateway, thing: Thing) -> list[Datastream]:
    observed = ObservedProperty.objects.get(code="bay_occupied")
    return Datastream.objects.bulk_create(
        Datastream(
            code=sensor.bay,
            gateway=gateway,
            thing=thing,
            observed_property=observed,
            unit=observed.unit,
            expected_interval_s=SPEAKS_EVERY_S,
            stuck_after_s=int(STUCK_AFTER.total_seconds()),
            created_at=sensor.changed_at,
        )
        for sensor in sensors
    )


def _last(stream: Datastream, sensor: Sensor) -> LastObservation:
    return LastObservation(
        datastream=stream,
        phenomenon_at=sensor.heard_at,
        result=float(sensor.occupied),
        received_at=sensor.heard_at,
        changed_at=sensor.changed_at,
    )


def _told(sensors: Sequence[Sensor]) -> Told:
    now = clock.now()
    alarms = Datastream.objects.filter(gateway__code=GATEWAY, alarms__closed_at=None)
    sites = ParkingSite.objects.filter(source=GATEWAY)
    rows = site_rows(sites.values_list("pk", flat=True))
    assert CapacityPool.objects.filter(site__in=sites).exists()
    return Told(
        sensors=len(sensors),
        silent=alarms.filter(alarms__kind="silent").count(),
        stuck=sum(
            one.changed_at < now - STUCK_AFTER and one.heard_at > now - 1.5 * timedelta(days=1)
            for one in sensors
        ),
        naive_free=sum(not one.occupied for one in sensors),
        trusted_free=sum(row["free"] or 0 for row in rows),
        sites_without_number=sum(row["free"] is None for row in rows),
    )
