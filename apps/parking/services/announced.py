"""Car parks that sources tell of (`devices.events.Follower`): onto the map, and their counts to
their pools."""

from collections.abc import Sequence

from django.db import transaction

from apps.parking.models import ParkingSite, PoolFeed
from apps.parking.services.provisioning import (
    FeedPlan,
    PoolPlan,
    SitePlan,
    connect_feed,
    define_properties,
    provision_site,
)
from devices.events import Announced, Follower

PARKING_SITE = "parking_site"


@transaction.atomic
def prepare(announced: Sequence[Announced]) -> None:
    """Put the sites on the map, before their datastreams are there."""
    define_properties()
    for one in announced:
        provision_site(_plan(one))


def _plan(one: Announced) -> SitePlan:
    facts = one.facts
    return SitePlan(
        code=one.code,
        names=facts["names"],
        kind=facts["kind"] if facts["kind"] in ParkingSite.Kind.values else "lot",
        lon=facts["lon"],
        lat=facts["lat"],
        pools=tuple(
            PoolPlan(total=total, category=category)
            for category, total in sorted(facts["pools"].items())
        ),
        covered=facts["covered"],
        max_height_m=facts["max_height_m"],
        address=facts["address"],
        operator=facts["operator"],
        opening_hours=facts["opening_hours"],
        source=one.code.partition("-")[0],
    )


@transaction.atomic
def connect(announced: Sequence[Announced], gateway: str) -> None:
    """Let the datastreams speak for the pools."""
    for one in announced:
        for stream, category in one.facts["feeds"].items():
            connect_feed(
                FeedPlan(
                    gateway=gateway,
                    datastream=stream,
                    site=one.code,
                    role=PoolFeed.Role.FREE,
                    category=category,
                )
            )


follower = Follower(PARKING_SITE, prepare, connect)
