"""What an offer promises, as its signed token carries it from the quote to the booking."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.utils.translation import gettext_lazy as _

from apps.base import tokens
from apps.base.geo import metres_between
from apps.base.problems import Conflict
from apps.drt.cache import Supply
from apps.drt.core import fares
from apps.drt.core.quoting import Offer
from apps.drt.models import OperatingRule
from apps.drt.services.wishes import LonLat, Wish
from apps.drt.snapshot import ceiled, floored, instant

LASTS = timedelta(seconds=90)
PURPOSE = "drt.offer"


class OfferUsed(Conflict):
    slug = "offer-used"
    title = _("This offer was taken already.")


class OfferGone(Conflict):
    """The honest no: the promise no longer fits. `offers` are new ones, as a quote gives them."""

    slug = "offer-gone"
    title = _("This ride has just been taken by somebody else.")


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What an offer promises, as its token carries it."""

    id: uuid.UUID
    service: str
    rule: str
    shift: uuid.UUID
    version: int
    kinds: tuple[str, ...]
    pickup_stop: str
    dropoff_stop: str
    walk_to_m: int
    walk_from_m: int
    origin: LonLat
    destination: LonLat
    origin_name: str
    destination_name: str
    party: tuple[int, int, int, int]
    step_free: bool
    depart_after: datetime | None
    arrive_by: datetime | None
    pickup_earliest: datetime
    pickup_latest: datetime
    dropoff_earliest: datetime | None
    dropoff_latest: datetime
    pickup: datetime
    dropoff: datetime
    max_ride_s: int
    direct_s: int
    board_s: int
    alight_s: int
    fare: int
    currency: str
    fare_lines: tuple[fares.Line, ...]
    added_s: int
    runner_up_s: int | None
    makes_room: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    token: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class Quote:
    offers: tuple[Signed, ...]
    expires_at: datetime


def signed_offer(claim: Claim) -> Signed:
    return Signed(tokens.sign(PURPOSE, msgspec.to_builtins(claim), lasts=LASTS), claim)


def read_offer(token: str) -> Claim:
    """Raises TokenForged, TokenExpired."""
    return msgspec.convert(tokens.read(PURPOSE, token), Claim)


def claim_of(
    supply: Supply, wish: Wish, rule: OperatingRule, offer: Offer, *, makes_room: bool = False
) -> Claim:
    ride, names = offer.ride, supply.ways.names
    up, down = ride.pickup.window, ride.dropoff.window
    direct_s = supply.ways.times.between_s(ride.pickup.place, ride.dropoff.place)
    lines = _fare(supply, rule, wish, offer, direct_s)
    arrives = wish.arrive_by is not None
    return Claim(
        id=uuid.UUID(ride.ride_id),
        service=supply.service.code,
        rule=rule.code,
        shift=uuid.UUID(offer.vehicle_id),
        version=offer.plan_version,
        kinds=tuple(kind.value for kind in offer.kinds),
        pickup_stop=names[ride.pickup.place].removeprefix("stop:"),
        dropoff_stop=names[ride.dropoff.place].removeprefix("stop:"),
        walk_to_m=round(offer.origin.walk_m),
        walk_from_m=round(offer.destination.walk_m),
        origin=wish.origin,
        destination=wish.destination,
        origin_name=wish.origin_name,
        destination_name=wish.destination_name,
        party=(
            ride.party.seats,
            ride.party.wheelchair_bays,
            ride.party.pushchairs,
            ride.party.luggage,
        ),
        step_free=wish.step_free,
        depart_after=wish.depart_after,
        arrive_by=wish.arrive_by,
        pickup_earliest=floored(up.earliest_s),
        pickup_latest=ceiled(up.latest_s),
        dropoff_earliest=floored(down.earliest_s) if arrives else None,
        dropoff_latest=ceiled(down.latest_s),
        pickup=instant(round(offer.pickup_s)),
        dropoff=instant(round(offer.dropoff_s)),
        max_ride_s=int(ride.max_ride_s) + 1,
        direct_s=round(direct_s),
        board_s=round(ride.pickup.dwell_s),
        alight_s=round(ride.dropoff.dwell_s),
        fare=sum(line.amount for line in lines),
        currency=rule.fare.currency if rule.fare else supply.service.currency,
        fare_lines=tuple(lines),
        added_s=round(offer.added_driving_s),
        runner_up_s=None if offer.runner_up_s is None else round(offer.runner_up_s),
        makes_room=makes_room,
    )


def _fare(
    supply: Supply, rule: OperatingRule, wish: Wish, offer: Offer, direct_s: float
) -> list[fares.Line]:
    if rule.fare is None:
        return []
    (lon1, lat1), (lon2, lat2) = wish.origin, wish.destination
    return fares.price(
        rule.fare.steps,
        metres=float(metres_between(lon1, lat1, lon2, lat2)),
        seconds=direct_s,
        riders=offer.ride.party.seats + offer.ride.party.wheelchair_bays,
        luggage=offer.ride.party.luggage,
    )
