"""What follows for parking from what devices observe."""

from collections.abc import Collection

from django.db import connection

from apps.parking.services.availability import refresh_pools
from apps.parking.services.provisioning import PROPERTIES
from devices.events import Arrivals, Receiver

_POOLS = "SELECT DISTINCT pool_id FROM parking_poolfeed WHERE datastream_id = ANY(%s)"


def count_spaces(arrivals: Arrivals) -> None:
    """Count the pools anew whose feeds have spoken."""
    count_again(arrivals.newest().datastream_ids.tolist())


def count_again(datastream_ids: Collection[int]) -> None:
    """Count the pools anew for which these datastreams speak."""
    with connection.cursor() as cursor:
        cursor.execute(_POOLS, [list(datastream_ids)])
        pool_ids = [row[0] for row in cursor.fetchall()]
    refresh_pools(pool_ids)


spaces = Receiver(frozenset(plan.code for plan in PROPERTIES), count_spaces)
