"""Taking an offer, and giving a ride up. A promise is kept, or answered with an honest no."""

import uuid
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock
from apps.base.commands import Json, run_once
from apps.base.geo import WGS84
from apps.base.problems import Conflict, NotFound, Problem, TooMany
from apps.drt.cache import Fleet, Supply, core_ride, fleet_of
from apps.drt.core.asks import Alternative, Ask
from apps.drt.core.budget import Iterations
from apps.drt.core.capacity import Capacity
from apps.drt.core.ejection import second_chance
from apps.drt.core.lifecycle import Move, State
from apps.drt.core.placing import placed
from apps.drt.core.rides import Ride
from apps.drt.models import Booking, VirtualStop
from apps.drt.selectors.screens import bookings_shown
from apps.drt.services.claims import Claim, OfferGone, Quote, read_offer
from apps.drt.services.log import note
from apps.drt.services.plans import Fresh, commit_revision, fresh_plans, write_plan
from apps.drt.services.quotes import make_quote
from apps.drt.services.refusals import ZoneSuspended
from apps.drt.services.shown import shown_offers
from apps.drt.services.steps import WrongState, locked_booking, step
from apps.drt.services.telling import tell_rider
from apps.drt.services.wishes import Wish

MAX_OPEN = 10
OTHERS_TRIED = 6
MAKE_ROOM = Iterations(600)


class OfferUsed(Conflict):
    slug = "offer-used"
    title = _("This offer was taken already.")


class TooManyRides(TooMany):
    slug = "too-many-rides"
    title = _("You have many rides ahead of you already. Please give one up first.")


class _NoLongerFits(Exception):
    """Rolls the attempt back, and with it the lock on a plan."""


def actor_of(person: Person) -> str:
    return f"person:{person.code}"


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
    except _NoLongerFits:
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
    for shift in _candidates(fleet, claim, ride):
        if _booked_on(supply, shift, ride, booking, claim, actor):
            return {"code": str(booking.code)}
    if _booked_by_making_room(fleet, ride, booking, claim, actor):
        return {"code": str(booking.code)}
    raise _NoLongerFits


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


def _candidates(fleet: Fleet, claim: Claim, ride: Ride) -> Iterator[str]:
    """The offer's vehicle first, then the best of all others that keep the same promise, as the
    fleet is by then."""
    first = str(claim.shift)
    if not claim.makes_room:
        yield first
    tried = {first}
    while len(tried) <= OTHERS_TRIED and (shift := _best_of_others(fleet, ride, tried)):
        tried.add(shift)
        yield shift


def _best_of_others(fleet: Fleet, ride: Ride, tried: Collection[str]) -> str | None:
    with fleet.lock:
        fleet.refresh()
        able = ride.vehicles or {plan.vehicle_id for plan in fleet.engine.plans}
        up = ride.pickup.window
        ask = Ask(
            ride_id=ride.ride_id,
            origins=(Alternative(ride.pickup.place),),
            destinations=(Alternative(ride.dropoff.place),),
            now_s=up.earliest_s,
            depart_after_s=up.earliest_s,
            party=ride.party,
            board_s=ride.pickup.dwell_s,
            alight_s=ride.dropoff.dwell_s,
            vehicles=frozenset(able) - frozenset(tried),
        )
        terms = replace(fleet.engine.terms, longest_wait_s=up.width_s)
        found = fleet.engine.soonest(ask, terms)
        return fleet.engine.plans[found.vehicle].vehicle_id if found else None


def _booked_on(
    supply: Supply, shift: str, ride: Ride, booking: Booking, claim: Claim, actor: str
) -> bool:
    """Try one vehicle. The savepoint lets go of its lock where it does not fit."""
    try:
        with transaction.atomic():
            fresh = next(iter(fresh_plans(supply, [shift])), None)
            if fresh is None or not _place(supply, fresh, ride, booking, actor):
                raise _NoLongerFits
            _explain(booking, fresh, claim, actor)
    except _NoLongerFits:
        return False
    return True


def _place(supply: Supply, fresh: Fresh, ride: Ride, booking: Booking, actor: str) -> bool:
    plan = placed(fresh.plan, ride, fresh.rides, supply.ways.times)
    if plan is None:
        return False
    _insert(booking, fresh)
    added = {ride.ride_id: (ride, booking)}
    return write_plan(supply, fresh, plan, reason="booking", actor=actor, added=added)


def _insert(booking: Booking, fresh: Fresh) -> None:
    """Raises OfferUsed where somebody else took the same offer meanwhile."""
    booking.pk, booking.version = None, 1
    booking.shift = fresh.row.shift
    try:
        with transaction.atomic():
            booking.save(force_insert=True)
    except IntegrityError as error:
        raise OfferUsed from error


def _explain(booking: Booking, fresh: Fresh, claim: Claim, actor: str) -> None:
    """Why this vehicle: what the ride adds, and how much dearer the next best would have been."""
    note(
        "booked",
        service=booking.service,
        actor=actor,
        shift=fresh.row.shift,
        booking=booking,
        plan_version=fresh.row.version,
        added_driving_s=claim.added_s,
        runner_up_s=claim.runner_up_s,
        shared=bool(fresh.plan.ride_ids),
        offered_vehicle=str(claim.shift) == str(fresh.row.shift.code),
        offered_version=claim.version,
        made_room=claim.makes_room,
    )


def _booked_by_making_room(
    fleet: Fleet, ride: Ride, booking: Booking, claim: Claim, actor: str
) -> bool:
    """Move others' rides, within their promises, so that this one fits."""
    with fleet.lock:
        fleet.refresh()
        plans, rides = fleet.engine.plans, dict(fleet.rides)
    found = second_chance(
        plans=plans, ride=ride, rides=rides, travel=fleet.supply.ways.times, budget=MAKE_ROOM,
        seed=claim.version,
    )  # fmt: skip
    if found is None:
        return False
    try:
        with transaction.atomic():
            # All in their order at once: one after the other two riders would block each other.
            changing = fresh_plans(fleet.supply, [plan.vehicle_id for plan in found.changed])
            fresh = next((one for one in changing if _is_of(one, found.vehicle_id)), None)
            if fresh is None:
                raise _NoLongerFits
            _insert(booking, fresh)
            if not commit_revision(
                fleet.supply, found.changed, reason="made_room", actor=actor,
                added={ride.ride_id: (ride, booking)},
            ):  # fmt: skip
                raise _NoLongerFits
            _explain(booking, fresh, claim, actor)
    except _NoLongerFits:
        return False
    return True


def _is_of(fresh: Fresh, vehicle_id: str) -> bool:
    return fresh.plan.vehicle_id == vehicle_id


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


# ---------------------------------------------------------------- seeing and giving up


def own_booking(person: Person, code: uuid.UUID | str) -> Booking:
    """Raises NotFound for rides of others, too."""
    booking: Booking | None = None
    try:
        booking = bookings_shown().filter(person=person, code=code).first()
    except ValidationError as error:
        raise NotFound(_("There is no such ride.")) from error
    if booking is None:
        raise NotFound(_("There is no such ride."))
    return booking


def cancel_ride(
    *, code: uuid.UUID | str, person: Person | None = None, actor: str = "", key: str | None = None
) -> Json:
    """The rider gives a ride up. Returns {"code", "late"}. Twice is once.

    Raises NotFound, WrongState.
    """
    by = actor_of(person) if person else actor
    if person is not None:
        own_booking(person, code)

    def do() -> Json:
        return _give_up(code, Move.CANCEL, by)

    return run_once(key=key, actor=by, command="drt.cancel", request={"code": str(code)}, do=do)


def call_off_ride(*, code: uuid.UUID | str, actor: str, key: str | None = None) -> Json:
    """The operator has to call a ride off; the rider is told. Raises NotFound, WrongState."""

    def do() -> Json:
        done = _give_up(code, Move.CALL_OFF, actor)
        tell_rider(bookings_shown().get(code=code), "called_off")
        return done

    return run_once(
        key=key, actor=actor, command="drt.call_off", request={"code": str(code)}, do=do
    )


def _give_up(code: uuid.UUID | str, move: Move, actor: str) -> Json:
    shift = Booking.objects.filter(code=code).values_list("shift__code", flat=True).first()
    supply = supply_of(code)
    fresh = next(iter(fresh_plans(supply, [str(shift)])), None) if shift else None
    booking = locked_booking(code)
    if booking.state in (State.CANCELLED_BY_RIDER, State.CANCELLED_BY_OPERATOR):
        return {"code": str(code), "late": False}
    if booking.shift and (fresh is None or booking.shift_id != fresh.row.shift_id):
        raise WrongState(_("The plan is just being changed. Please try again."), retry_after_s=1)
    late = (
        booking.pickup_earliest_at - clock.now()
    ).total_seconds() < booking.service.cancel_free_s
    step(booking, move, actor=actor)
    if fresh is not None and str(code) in fresh.plan.ride_ids:
        write_plan(supply, fresh, fresh.plan.without(str(code)), reason="cancelled", actor=actor)
    return {"code": str(code), "late": late}


def supply_of(code: uuid.UUID | str) -> Supply:
    """Raises NotFound."""
    service = Booking.objects.filter(code=code).values_list("service__code", flat=True).first()
    if service is None:
        raise NotFound(_("There is no such ride."))
    return fresh_supply(service)


def fresh_supply(service_code: str) -> Supply:
    fleet = fleet_of(service_code)
    with fleet.lock:
        fleet.refresh()
        return fleet.supply


def explanation_of(booking: Booking) -> list[dict[str, Any]]:
    """What the dispatcher decided about a ride, oldest first."""
    rows = booking.events.order_by("pk")
    return [{"at": row.at, "what": row.kind, "detail": row.detail} for row in rows]
