"""The vehicle that takes a booked ride: the one offered, the best other, or one that makes room."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from django.db import IntegrityError, transaction

from apps.drt.cache import Fleet, Supply
from apps.drt.core.asks import Alternative, Ask
from apps.drt.core.budget import Iterations
from apps.drt.core.ejection import second_chance
from apps.drt.core.placing import placed
from apps.drt.core.rides import Ride
from apps.drt.models import Booking
from apps.drt.services.claims import Claim, OfferUsed
from apps.drt.services.log import note
from apps.drt.services.plans import Fresh, commit_revision, fresh_plans, write_plan

OTHERS_TRIED = 6
MAKE_ROOM = Iterations(600)


class NoLongerFits(Exception):
    """Rolls the attempt back, and with it the lock on a plan."""


def put_on_a_vehicle(
    fleet: Fleet, supply: Supply, ride: Ride, booking: Booking, claim: Claim, actor: str
) -> None:
    """Write the booking and the plan that carries it; the ride is told in the places of ``supply``.

    Raises NoLongerFits, OfferUsed.
    """
    for shift in _candidates(fleet, claim, ride):
        if _booked_on(supply, shift, ride, booking, claim, actor):
            return
    if not _booked_by_making_room(fleet, ride, booking, claim, actor):
        raise NoLongerFits


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
                raise NoLongerFits
            _explain(booking, fresh, claim, actor)
    except NoLongerFits:
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
                raise NoLongerFits
            _insert(booking, fresh)
            if not commit_revision(
                fleet.supply, found.changed, reason="made_room", actor=actor,
                added={ride.ride_id: (ride, booking)},
            ):  # fmt: skip
                raise NoLongerFits
            _explain(booking, fresh, claim, actor)
    except NoLongerFits:
        return False
    return True


def _is_of(fresh: Fresh, vehicle_id: str) -> bool:
    return fresh.plan.vehicle_id == vehicle_id
