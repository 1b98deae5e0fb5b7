"""Offers: up to three rides that a vehicle's plan can carry, signed, for a minute.

Nothing is written and nobody is held back: an offer is checked again when it is taken.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
import numpy as np
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.accounts.selectors.mobility import mobility_of
from apps.base import clock, tokens
from apps.base.geo import metres_between
from apps.base.problems import Conflict, Invalid
from apps.drt.cache import Fleet, Supply, fleet_of
from apps.drt.core import fares
from apps.drt.core.asks import Alternative, Ask, Terms
from apps.drt.core.budget import Iterations
from apps.drt.core.capacity import Capacity
from apps.drt.core.ejection import second_chance
from apps.drt.core.explaining import Refusal, explain_refusal
from apps.drt.core.quoting import Offer
from apps.drt.models import OperatingRule, Service
from apps.drt.services.hours import Span, spans_for
from apps.drt.services.refusals import NoRide, OutsideArea, PartyTooLarge, ZoneSuspended
from apps.drt.snapshot import ceiled, floored, instant, seconds

LASTS = timedelta(seconds=90)
PURPOSE = "drt.offer"
WALK_DETOUR = 1.3  # along the streets over straight line
WALK_MPS = 1.2
STOPS_NEAR = 5
FURTHER = 3.0  # how many times the longest walk is tried for "another stop would do"
TOO_NEAR_M = 150.0
SECOND_CHANCE = Iterations(400)
PAST_GRACE = timedelta(minutes=2)

LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a rider asks for."""

    origin: LonLat
    destination: LonLat
    depart_after: datetime | None = None
    arrive_by: datetime | None = None
    party: Capacity = field(default_factory=lambda: Capacity(seats=1))
    step_free: bool = False
    max_walk_m: int | None = None
    walk_mps: float | None = None
    origin_name: str = ""
    destination_name: str = ""
    service: str = ""


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


def make_quote(*, wish: Wish, person: Person | None = None) -> Quote:
    """One to three offers. Asking changes nothing.

    Raises:
        Invalid, OutsideArea, OutsideHours, ZoneSuspended, TooSoon, TooFarAhead, PartyTooLarge,
        NoRide (with the reason, and what would have been possible).
    """
    wish = personal(wish, person)
    fleet = fleet_of(wish.service or the_only_service())
    with fleet.lock:
        fleet.refresh()
        claims = offers_for(fleet, wish)
    expires_at = clock.now() + LASTS
    signed = (
        Signed(tokens.sign(PURPOSE, msgspec.to_builtins(one), lasts=LASTS), one) for one in claims
    )
    return Quote(tuple(signed), expires_at)


def read_offer(token: str) -> Claim:
    """Raises TokenForged, TokenExpired."""
    return msgspec.convert(tokens.read(PURPOSE, token), Claim)


def the_only_service() -> str:
    """The service meant where none is named. Raises Invalid if there are several, or none."""
    codes = list(Service.objects.filter(retired_at=None).values_list("code", flat=True)[:2])
    if len(codes) != 1:
        raise Invalid(errors={"service": _("Say which service.")})
    return codes[0]


def personal(wish: Wish, person: Person | None) -> Wish:
    """With what the person's mobility profile says where the wish says nothing."""
    profile = mobility_of(person) if person else None
    if wish.party.wheelchair_bays:
        wish = replace(wish, step_free=True)
    if profile is None:
        return wish
    return replace(
        wish,
        step_free=wish.step_free or profile.is_wheelchair,
        walk_mps=wish.walk_mps or profile.speed_mps,
    )


def offers_for(fleet: Fleet, wish: Wish) -> list[Claim]:
    """Under the first rule that has any; the fleet is locked and fresh."""
    wish = _checked(fleet.supply.service, wish)
    refusal: Refusal | None = None
    for rule, span in _openings(fleet.supply, wish):
        ask = _ask(fleet.supply, wish, rule, span)
        if ask is None:
            continue
        terms = _terms(fleet.supply.service.terms, ask, span)
        found = [offer for offer in fleet.engine.quote(ask, terms) if span.admits(offer)]
        claims = [_claim(fleet.supply, wish, rule, offer) for offer in found]
        if not claims:
            claims = _after_making_room(fleet, wish, rule, span, ask, terms)
        if claims:
            return claims
        refusal = refusal or _refusal(fleet, wish, rule, ask)
    if refusal is None:
        raise OutsideArea(errors=_outside(fleet.supply, wish))
    raise NoRide.because(refusal)


def _checked(service: Service, wish: Wish) -> Wish:
    """Refuse what no time and no vehicle could mend."""
    now = clock.now()
    if (wish.depart_after is None) == (wish.arrive_by is None):
        raise Invalid(errors={"depart_after": _("Say when to depart or when to arrive.")})
    if wish.party.seats + wish.party.wheelchair_bays < 1:
        raise Invalid(errors={"party": _("Somebody must ride.")})
    if wish.party.seats + wish.party.wheelchair_bays > service.max_party:
        text = _("At most %d persons ride together.") % service.max_party
        raise PartyTooLarge(errors={"party": text})
    at = wish.depart_after or wish.arrive_by
    assert at is not None
    if at < now - PAST_GRACE:
        raise Invalid(errors={"depart_after": _("This time is over.")})
    if at > now + timedelta(days=service.ahead_days):
        text = _("At most %(days)d days ahead.") % {"days": service.ahead_days}
        raise Invalid(errors={"depart_after": text})
    (lon1, lat1), (lon2, lat2) = wish.origin, wish.destination
    if float(metres_between(lon1, lat1, lon2, lat2)) < TOO_NEAR_M:
        raise Invalid(errors={"destination": _("You are almost there: it is quicker on foot.")})
    return replace(wish, depart_after=max(wish.depart_after, now)) if wish.depart_after else wish


def _openings(supply: Supply, wish: Wish) -> Iterator[tuple[OperatingRule, Span]]:
    """Rules between whose zones the wish lies, with their hours then.

    Raises ZoneSuspended, OutsideHours, TooSoon where no rule is left.
    """
    now, suspended = clock.now(), None
    for rule in supply.rules:
        zones = (supply.zones.get(rule.from_zone_id), supply.zones.get(rule.to_zone_id))
        if None in zones or not _serves(supply, wish, rule):
            continue
        shut = next((zone for zone in zones if zone and zone.is_suspended_at(now)), None)
        if shut is not None:
            suspended = shut
            continue
        yield from ((rule, span) for span in spans_for(supply, rule, wish))
        suspended = None
    if suspended is not None:
        raise ZoneSuspended(str(suspended.suspended_because), zone=suspended.code)


def _serves(supply: Supply, wish: Wish, rule: OperatingRule) -> bool:
    ends = ((wish.origin, rule.from_zone_id), (wish.destination, rule.to_zone_id))
    return all(len(_near(supply, wish, place, zone)) for place, zone in ends)


def _near(
    supply: Supply,
    wish: Wish,
    place: LonLat,
    zone: int,
    *,
    reach: float = 1.0,
    most: int = STOPS_NEAR,
) -> Sequence[int]:
    """The stops one would walk to, nearest first: indices into the supply's stops."""
    stops = supply.stops
    longest_m = reach * (wish.max_walk_m or supply.service.max_walk_m)
    walk_m = stops.away_m(*place, supply.city.srid) * WALK_DETOUR
    usable = (walk_m <= longest_m) & stops.in_zone[zone]
    if wish.party.wheelchair_bays:
        usable &= np.array([stop.boards_wheelchairs for stop in stops.rows], dtype=np.bool_)
    order = np.argsort(walk_m, kind="stable")
    near: list[int] = [int(at) for at in order[usable[order]]]
    step_free = [at for at in near[most:] if stops.rows[at].step_free][:1]
    return near[:most] + step_free


def _outside(supply: Supply, wish: Wish) -> dict[str, Any]:
    text = _("There is no stop of this service within walking distance.")
    ends = {"origin": wish.origin, "destination": wish.destination}
    far = [name for name, place in ends.items() if not _any_near(supply, wish, place)]
    return dict.fromkeys(far or ends, text)


def _any_near(supply: Supply, wish: Wish, place: LonLat) -> bool:
    return any(len(_near(supply, wish, place, zone)) for zone in supply.zones)


def _ask(supply: Supply, wish: Wish, rule: OperatingRule, span: Span) -> Ask | None:
    """The wish as the engine takes it; None where both ends share all their stops."""
    ups = _near(supply, wish, wish.origin, rule.from_zone_id)
    downs = _near(supply, wish, wish.destination, rule.to_zone_id)
    to_up = supply.stops.away_m(*wish.origin, supply.city.srid)
    to_down = supply.stops.away_m(*wish.destination, supply.city.srid)
    ups = [at for at in ups if at not in downs or to_up[at] <= to_down[at]]
    downs = [at for at in downs if at not in ups]
    if not ups or not downs:
        return None
    service, party = supply.service, wish.party
    dwell_s = service.wheelchair_board_s if party.wheelchair_bays else service.board_s
    return Ask(
        ride_id=str(uuid.uuid4()),
        origins=_alternatives(supply, wish, wish.origin, ups),
        destinations=_alternatives(supply, wish, wish.destination, downs),
        now_s=seconds(clock.now()),
        depart_after_s=seconds(span.depart_after) if span.depart_after else None,
        arrive_by_s=seconds(wish.arrive_by) if wish.arrive_by else None,
        party=party,
        board_s=float(dwell_s),
        alight_s=float(dwell_s),
        needs_step_free=wish.step_free,
        vehicles=supply.vehicles_for(rule),
    )


def _alternatives(
    supply: Supply, wish: Wish, place: LonLat, found: Sequence[int]
) -> tuple[Alternative, ...]:
    walk_m = supply.stops.away_m(*place, supply.city.srid) * WALK_DETOUR
    speed = wish.walk_mps or WALK_MPS
    return tuple(
        Alternative(
            int(supply.stops.place[at]),
            walk_m=float(walk_m[at]),
            walk_s=float(walk_m[at]) / speed,
            step_free=supply.stops.rows[at].step_free,
        )
        for at in found
    )


def _terms(terms: Terms, ask: Ask, span: Span) -> Terms:
    """Nobody is picked up after the last pick-up."""
    if ask.depart_after_s is None:
        return terms
    left_s = max(0.0, seconds(span.closes_at) - ask.depart_after_s)
    return replace(terms, longest_wait_s=min(terms.longest_wait_s, left_s))


def _after_making_room(
    fleet: Fleet, wish: Wish, rule: OperatingRule, span: Span, ask: Ask, terms: Terms
) -> list[Claim]:
    """A second chance before saying no: others' rides move within their promises."""
    pairs = [
        (up, down)
        for up, origin in enumerate(ask.origins)
        for down, destination in enumerate(ask.destinations)
        if not ask.needs_step_free or (origin.step_free and destination.step_free)
    ]
    for up, down in pairs[:1]:
        ride = fleet.engine.ride_of(ask, ask.origins[up], ask.destinations[down], terms)
        if ride.pickup.window.latest_s >= 1e11:
            ride = fleet.supply.ways.times.tightened(ride)
        found = second_chance(
            plans=fleet.engine.plans,
            ride=ride,
            rides=fleet.rides,
            travel=fleet.supply.ways.times,
            budget=SECOND_CHANCE,
            seed=fleet.supply.edition[1],
        )
        if found is not None:
            offer = fleet.engine.offer_after(ask, found, up, down, terms)
            if span.admits(offer):
                return [_claim(fleet.supply, wish, rule, offer, makes_room=True)]
    return []


def _refusal(fleet: Fleet, wish: Wish, rule: OperatingRule, ask: Ask) -> Refusal:
    supply = fleet.supply
    further = {
        name: _alternatives(
            supply, wish, place, _near(supply, wish, place, zone, reach=FURTHER, most=8)
        )
        for name, place, zone in (
            ("further_origins", wish.origin, rule.from_zone_id),
            ("further_destinations", wish.destination, rule.to_zone_id),
        )
    }
    return explain_refusal(fleet.engine, ask, **further)


def _claim(
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


class OfferGone(Conflict):
    """The honest no: the promise no longer fits. `offers` are new ones, as a quote gives them."""

    slug = "offer-gone"
    title = _("This ride has just been taken by somebody else.")
