"""How long one would wait for a ride now: the real engine's answer, without an offer."""

from dataclasses import dataclass, replace
from datetime import timedelta

from apps.base import clock
from apps.base.problems import Problem
from apps.drt.cache import Fleet, fleet_of
from apps.drt.models import Service
from apps.drt.services.claims import Claim
from apps.drt.services.quotes import offers_for
from apps.drt.services.wishes import LonLat, Wish

FAR_STOPS_TRIED = 3


@dataclass(frozen=True, slots=True)
class Wait:
    """`wait_s` from now until the pick-up; the rest as the soonest offer would have it."""

    service: Service
    wait_s: int
    travel_s: int
    fare: int
    currency: str


def waits_now(
    *, origin: LonLat, destination: LonLat | None = None, services: frozenset[str] | None = None
) -> list[Wait]:
    """The soonest ride of each service that could take one up there now; none where there is none.

    Without a destination the wait is that for the nearest of some stops far enough to ride to.
    """
    rows = Service.objects.filter(retired_at=None).order_by("code")
    if services is not None:
        rows = rows.filter(code__in=services)
    found = [_wait(service, origin, destination) for service in rows]
    return [wait for wait in found if wait is not None]


def _wait(service: Service, origin: LonLat, destination: LonLat | None) -> Wait | None:
    fleet = fleet_of(service.code)
    with fleet.lock:
        try:
            fleet.refresh()
            ends = [destination] if destination else _far_stops(fleet, origin)
            claims = [claim for end in ends for claim in _soonest(fleet, origin, end)]
        except Problem:  # outside the area or the hours, or no travel times yet
            return None
    if not claims:
        return None
    best = min(claims, key=lambda claim: claim.pickup)
    wait = max(timedelta(), best.pickup - clock.now())
    return Wait(
        service=service,
        wait_s=round(wait.total_seconds()),
        travel_s=round((best.dropoff - best.pickup).total_seconds()),
        fare=best.fare,
        currency=best.currency,
    )


def _soonest(fleet: Fleet, origin: LonLat, destination: LonLat) -> list[Claim]:
    """The soonest offer, if there is any."""
    wish = Wish(origin=origin, destination=destination, depart_after=clock.now())
    try:
        return offers_for(fleet, replace(wish, service=fleet.code))[:1]
    except Problem:
        return []


def _far_stops(fleet: Fleet, origin: LonLat) -> list[LonLat]:
    """Stops at the middle and beyond of all distances: a ride's usual ends."""
    stops = fleet.supply.stops
    away_m = stops.away_m(*origin, fleet.supply.city.srid)
    order = away_m.argsort(kind="stable")
    middle = order[len(order) // 2 :][:FAR_STOPS_TRIED]
    return [(stops.rows[at].geom.x, stops.rows[at].geom.y) for at in middle.tolist()]
