"""Travel times between the places of a service, as versioned rows.

One seam: `WAYS` answers the seconds between points. Navigation's car profile does on a map;
straight lines do where there is none yet.
"""

from collections.abc import Sequence

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from apps.base import clock
from apps.base.geo import metres_between
from apps.drt.models import Service, TravelTable
from apps.drt.services.provisioning import touch_service

STRAIGHT_MPS = 6.5  # through a town, junctions included
DETOUR = 1.35  # street over straight line
FREE_FLOW = (1.0,) * 24
TABLES_KEPT = 5

LonLat = tuple[float, float]
Seconds = NDArray[np.float64]


def straight_line_s(points: Sequence[LonLat]) -> Seconds:
    """Seconds as the crow drives."""
    lon, lat = np.array(points, dtype=np.float64).T
    metres = metres_between(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
    return np.asarray(metres * DETOUR / STRAIGHT_MPS, dtype=np.float64)


def places_of(service: Service) -> dict[str, LonLat]:
    """All places of a service by the name that travel tables give them, in a stable order.

    Retired stops stay: promised rides may still end there.
    """
    stops = service.stops.order_by("pk").values_list("code", "geom")
    depots = service.depots.order_by("pk").values_list("code", "geom")
    places = {f"stop:{code}": (geom.x, geom.y) for code, geom in stops}
    return places | {f"depot:{code}": (geom.x, geom.y) for code, geom in depots}


@transaction.atomic
def write_travel_table(
    *,
    service: Service,
    places: Sequence[str],
    time_s: Seconds,
    source: str,
    factors: Sequence[float] = FREE_FLOW,
) -> TravelTable:
    """The next version of the travel times; whoever remembers the last one reads it anew."""
    table = TravelTable.objects.create(
        service=service,
        source=source,
        places=list(places),
        times=np.ceil(time_s).astype("<u4").tobytes(),
        factors=list(factors),
        built_at=clock.now(),
    )
    old = service.travel_tables.order_by("-pk").values_list("pk", flat=True)[TABLES_KEPT:]
    TravelTable.objects.filter(pk__in=list(old)).delete()
    touch_service(service)
    return table


def rebuild_travel_table(*, service: Service) -> TravelTable:
    """Ask for all ways anew."""
    places = places_of(service)
    time_s = straight_line_s(list(places.values()))
    return write_travel_table(
        service=service, places=list(places), time_s=time_s, source="straight lines"
    )
