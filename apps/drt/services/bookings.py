"""Taking an offer. A promise is kept, or answered with an honest no."""

from django.contrib.gis.geos import Point
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock
from apps.base.commands import Json, run_once
from apps.base.geo import WGS84
from apps.base.problems import Problem, TooMany
from apps.drt.cache import Supply, core_ride, fleet_of
from apps.drt.core.capacity import Capacity
from apps.drt.models import Booking, VirtualStop
from apps.drt.services.claims import Claim, OfferGone, OfferUsed, Quote, read_offer
from apps.drt.services.fitting import NoLongerFits, put_on_a_vehicle
from apps.drt.services.log import actor_of
from apps.drt.services.quotes import make_quote
from apps.drt.services.refusals import ZoneSuspended
from apps.drt.services.shown import shown_offers
from apps.drt.services.wishes import Wish

MAX_OPEN = 10


class TooManyRides(TooMany):
    slug = "too-many-rides"
    title = _("You have many rides ahead of you already. Please give one up first.")


def book_ride(
    *,
    person: Person,
    token: str,
    key: str | None = None,
    channel: str = Booking.Channel.APP,
    note_for_driver: str = "",
    actor: str = "",
) -> Json:
    """Take an offer. Returns {"code"}.

    The vehicle is checked again in the transaction. Where the offer's no longer fits, every other
    vehicle that keeps the same promise will do.

    Raises:
        TokenForged, TokenExpired, OfferUsed, ZoneSuspended, TooManyRides,
        OfferGone: the promise no longer fits any vehicle; with new offers where there are any.
    """
    claim = read_offer(token)
    try:
        return run_once(
            key=key,
            actor=actor_of(person),
            command="drt.book",
            request={"offer": str(claim.id)},
            do=lambda: _book(person, claim, channel, note_for_driver, actor or actor_of(person)),
        )
    except NoLongerFits:
        raise _gone(person, claim) from None


def _book(person: Person, claim: Claim, channel: str, words: str, actor: str) -> Json:
    """1. Refuse what may not be. 2. Find a plan that keeps the promise. 3. Write both."""
    fleet = fleet_of(claim.service)
    with fleet.lock:
        fleet.refresh()
        supply = fleet.supply
    _check(person, claim, supply)
    booking = _booking(person, claim, supply, channel, words)
    ride = core_ride(supply, booking)
    put_on_a_vehicle(fleet, supply, ride, booking, claim, actor)
    return {"code": str(booking.code)}


def _check(person: Person, claim: Claim, supply: Supply) -> None:
    if Booking.objects.filter(offer=claim.id).exists():
        raise OfferUsed
    now = clock.now()
    rule = next((rule for rule in supply.rules if rule.code == claim.rule), None)
    zones = [supply.zones.get(pk) for pk in (rule.from_zone_id, rule.to_zone_id)] if rule else []
    if any(zone is None or zone.is_suspended_at(now) for zone in zones):
        raise ZoneSuspended
    if Booking.objects.open().filter(person=person).count() >= MAX_OPEN:
        raise TooManyRides


def _booking(person: Person, claim: Claim, supply: Supply, channel: str, words: str) -> Booking:
    """The row as it will be, without a vehicle yet."""
    seats, bays, pushchairs, luggage = claim.party
    rule = next(rule for rule in supply.rules if rule.code == claim.rule)
    stops = VirtualStop.objects.in_bulk([claim.pickup_stop, claim.dropoff_stop], field_name="code")
    return Booking(
        code=claim.id,
        offer=claim.id,
        service=supply.service,
        rule=rule,
        person=person,
        channel=channel,
        seats=seats,
        wheelchair_bays=bays,
        pushchairs=pushchairs,
        luggage=luggage,
        step_free=claim.step_free,
        origin_geom=Point(*claim.origin, srid=WGS84),
        destination_geom=Point(*claim.destination, srid=WGS84),
        origin_name=claim.origin_name,
        destination_name=claim.destination_name,
        pickup_stop=stops[claim.pickup_stop],
        dropoff_stop=stops[claim.dropoff_stop],
        walk_to_m=claim.walk_to_m,
        walk_from_m=claim.walk_from_m,
        depart_after_at=claim.depart_after,
        arrive_by_at=claim.arrive_by,
        pickup_earliest_at=claim.pickup_earliest,
        pickup_latest_at=claim.pickup_latest,
        dropoff_earliest_at=claim.dropoff_earliest,
        dropoff_latest_at=claim.dropoff_latest,
        max_ride_s=claim.max_ride_s,
        direct_s=claim.direct_s,
        board_s=claim.board_s,
        alight_s=claim.alight_s,
        fare=claim.fare,
        currency=claim.currency,
        fare_lines=[
            {"component": line.component, "amount": line.amount} for line in claim.fare_lines
        ],
        note=words[:200],
        created_at=clock.now(),
    )


def _gone(person: Person, claim: Claim) -> OfferGone:
    """With new offers for the same wish, if there are any."""
    try:
        quote: Quote | None = make_quote(wish=_wish_again(claim), person=person)
    except Problem:
        quote = None
    problem = OfferGone()
    problem.extra["offers"] = shown_offers(quote) if quote else []
    return problem


def _wish_again(claim: Claim) -> Wish:
    return Wish(
        origin=claim.origin,
        destination=claim.destination,
        depart_after=claim.depart_after,
        arrive_by=claim.arrive_by,
        party=Capacity(*claim.party),
        step_free=claim.step_free,
        origin_name=claim.origin_name,
        destination_name=claim.destination_name,
        service=claim.service,
    )
