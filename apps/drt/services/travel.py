"""Travel times between the places of a service, as versioned rows.

Navigation's car profile knows the ways, with what is in the way today; while no graph was built,
straight lines do.
"""

from collections.abc import Sequence

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from apps.base import clock
from apps.base.geo import metres_between
from apps.base.problems import Invalid, NotFound, Unavailable
from apps.drt.models import Service, TravelTable
from apps.drt.selectors.hindrances import in_the_way
from apps.drt.services.provisioning import touch_service
from apps.navigation.selectors.travel import travel_matrix

STRAIGHT_MPS = 6.5  # through a town, junctions included
DETOUR = 1.35  # street over straight line
FREE_FLOW = (1.0,) * 24
TABLES_KEPT = 5
CUT_OFF_S = 6 * 3600.0

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
    overlay: str = "",
) -> TravelTable:
    """The next version of the travel times; whoever remembers the last one reads it anew."""
    table = TravelTable.objects.create(
        service=service,
        source=source,
        places=list(places),
        times=np.ceil(time_s).astype("<u4").tobytes(),
        factors=list(factors),
        overlay=overlay,
        built_at=clock.now(),
    )
    old = service.travel_tables.order_by("-pk").values_list("pk", flat=True)[TABLES_KEPT:]
    TravelTable.objects.filter(pk__in=list(old)).delete()
    touch_service(service)
    return table


def driving_s(points: Sequence[LonLat]) -> tuple[Seconds, str]:
    """Seconds by car, and where they are from. A place that no vehicle reaches now is as good as
    `CUT_OFF_S` away from everywhere."""
    try:
        found = travel_matrix(profile="car", origins=points, destinations=points).seconds
    except Unavailable:
        return straight_line_s(points), "straight lines"
    time_s = np.where(np.isfinite(found), np.minimum(found, CUT_OFF_S), CUT_OFF_S)
    np.fill_diagonal(time_s, 0.0)
    return time_s, "navigation: car"


def rebuild_travel_table(*, service: Service) -> TravelTable:
    """Ask for all ways anew; the factors by time of day stay."""
    places, overlay = places_of(service), in_the_way()  # before the ways: rather once too often
    time_s, source = driving_s(list(places.values()))
    last = service.travel_tables.order_by("-pk").first()
    return write_travel_table(
        service=service, places=list(places), time_s=time_s, source=source,
        factors=last.factors if last else FREE_FLOW, overlay=overlay,
    )  # fmt: skip


def keep_ways_current(service_code: str) -> bool:
    """Build the table if there is none, or places came since. Returns whether it was built."""
    service = Service.objects.get(code=service_code)
    last = service.travel_tables.order_by("-pk").first()
    places = places_of(service)
    if not places or (last is not None and set(places) <= set(last.places)):
        return False
    rebuild_travel_table(service=service)
    return True


def set_factors(*, service: Service, factors: Sequence[float]) -> TravelTable:
    """Factors by time of day, for equal slices of it. Raises Invalid, NotFound without a table."""
    if not 1 <= len(factors) <= 288 or not all(0.2 <= factor <= 5 for factor in factors):
        raise Invalid(errors={"factors": _("1 to 288 factors between 0.2 and 5.")})
    last = service.travel_tables.order_by("-pk").first()
    if last is None:
        raise NotFound
    size = len(last.places)
    time_s = np.frombuffer(bytes(last.times), "<u4").reshape(size, size)
    return write_travel_table(
        service=service, places=last.places, time_s=time_s.astype(np.float64),
        source=last.source, factors=factors, overlay=last.overlay,
    )  # fmt: skip
