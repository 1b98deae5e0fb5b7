"""Why yes, why no, and what would have made it a yes: facts for others to put into words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from apps.drt.core.asks import Alternative, Ask
from apps.drt.core.capacity import Capacity
from apps.drt.core.quoting import Offer, QuoteEngine

LONGEST_POSTPONEMENT_S = 4 * 3600.0


class Reason(StrEnum):
    NO_VEHICLE = "no_vehicle"
    PARTY_TOO_LARGE = "party_too_large"
    NO_STEP_FREE_STOP = "no_step_free_stop"
    OUTSIDE_SHIFTS = "outside_shifts"
    NO_ROOM_LEFT = "no_room_left"
    NO_TIME_LEFT = "no_time_left"


class Remedy(StrEnum):
    LATER = "later"
    SMALLER_PARTY = "smaller_party"
    LONGER_RIDE = "longer_ride"
    OTHER_STOP = "other_stop"


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """A change that would have made the answer yes: by how many seconds, whose party, which
    stops."""

    remedy: Remedy
    by_s: float = 0.0
    party: Capacity | None = None
    origin: Alternative | None = None
    destination: Alternative | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: Reason
    lacking: tuple[str, ...]
    counterfactuals: tuple[Counterfactual, ...]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Which vehicle, what the ride adds to its driving, and how much dearer the next vehicle
    was."""

    vehicle_id: str
    added_driving_s: float
    wait_s: float
    is_shared: bool
    runner_up_s: float | None


def explain_offer(engine: QuoteEngine, ask: Ask, offer: Offer) -> Acceptance:
    plan = engine.plan_of(offer.vehicle_id)
    asked_s = ask.now_s if ask.depart_after_s is None else ask.depart_after_s
    return Acceptance(
        vehicle_id=offer.vehicle_id,
        added_driving_s=offer.added_driving_s,
        wait_s=max(0.0, offer.pickup_s - asked_s - offer.origin.walk_s),
        is_shared=bool(plan.ride_ids),
        runner_up_s=offer.runner_up_s,
    )


def explain_refusal(
    engine: QuoteEngine,
    ask: Ask,
    *,
    further_origins: Sequence[Alternative] = (),
    further_destinations: Sequence[Alternative] = (),
) -> Refusal:
    """Why no offer could be made, and every single change that would have led to one.

    ``further_…`` are stops beyond the rider's usual walk, to be tried for the other-stop remedy.
    """
    if ask.needs_step_free and not _has_step_free_way(ask):
        other = _other_stop(engine, ask, further_origins, further_destinations)
        return Refusal(Reason.NO_STEP_FREE_STOP, (), other)
    if not any(_may_carry(ask, plan.vehicle_id) for plan in engine.plans):
        return Refusal(Reason.NO_VEHICLE, (), ())
    lacking = _lacking(engine, ask)
    later = _later(engine, ask)
    smaller = _smaller_party(engine, ask)
    if lacking is not None:
        return Refusal(Reason.PARTY_TOO_LARGE, lacking, smaller)
    other = _other_stop(engine, ask, further_origins, further_destinations)
    remedies = (*later, *smaller, *_longer_ride(engine, ask), *other)
    if smaller:
        return Refusal(Reason.NO_ROOM_LEFT, (), remedies)
    if not _meets_a_shift(engine, ask):
        return Refusal(Reason.OUTSIDE_SHIFTS, (), remedies)
    return Refusal(Reason.NO_TIME_LEFT, (), remedies)


def _has_step_free_way(ask: Ask) -> bool:
    ends = (ask.origins, ask.destinations)
    return all(any(stop.step_free for stop in stops) for stops in ends)


def _may_carry(ask: Ask, vehicle_id: str) -> bool:
    return ask.vehicles is None or vehicle_id in ask.vehicles


def _lacking(engine: QuoteEngine, ask: Ask) -> tuple[str, ...] | None:
    """What even an empty vehicle, the one that comes closest, has too little of; None if one is
    enough."""
    layouts = [
        layout
        for plan in engine.plans
        if _may_carry(ask, plan.vehicle_id)
        for layout in plan.vehicle.layouts
    ]
    return min((ask.party.exceeds(layout) for layout in layouts), key=len) or None


def _later(engine: QuoteEngine, ask: Ask) -> tuple[Counterfactual, ...]:
    """The soonest ride if the rider could wait (or arrive) later than the terms allow."""
    if ask.arrive_by_s is not None:
        patient = replace(ask, arrive_by_s=ask.arrive_by_s + LONGEST_POSTPONEMENT_S)
        wider = replace(
            engine.terms,
            earliest_arrival_s=engine.terms.earliest_arrival_s + LONGEST_POSTPONEMENT_S,
        )
        found = engine.soonest(patient, wider)
        if found is None:
            return ()
        arrival_s = found.dropoff_s + ask.alight_s + ask.destinations[found.down].walk_s
        return (Counterfactual(Remedy.LATER, by_s=max(0.0, arrival_s - ask.arrive_by_s)),)
    wait_s = engine.terms.longest_wait_s + LONGEST_POSTPONEMENT_S
    found = engine.soonest(ask, replace(engine.terms, longest_wait_s=wait_s))
    if found is None:
        return ()
    latest_s = ask.pickup_window(ask.origins[found.up], engine.terms).latest_s
    return (Counterfactual(Remedy.LATER, by_s=max(0.0, found.pickup_s - latest_s)),)


def _smaller_party(engine: QuoteEngine, ask: Ask) -> tuple[Counterfactual, ...]:
    """The largest part of the party that would get a ride as asked."""
    for smaller in _parts(ask.party):
        if engine.soonest(replace(ask, party=smaller)) is not None:
            return (Counterfactual(Remedy.SMALLER_PARTY, party=smaller),)
    return ()


def _parts(party: Capacity) -> list[Capacity]:
    """Without luggage, without pushchairs, then seat by seat down to one."""
    light = replace(party, luggage=0)
    lighter = replace(light, pushchairs=0)
    fewer = [replace(lighter, seats=seats) for seats in range(party.seats - 1, 0, -1)]
    parts = [part for part in (light, lighter, *fewer) if part != party and not part.is_empty]
    return list(dict.fromkeys(parts))


def _longer_ride(engine: QuoteEngine, ask: Ask) -> tuple[Counterfactual, ...]:
    """How much longer than allowed the ride would last if detours did not matter."""
    generous = replace(
        engine.terms, spare_ride_s=engine.terms.spare_ride_s + LONGEST_POSTPONEMENT_S
    )
    found = engine.soonest(ask, generous)
    if found is None:
        return ()
    ride = engine.ride_of(ask, ask.origins[found.up], ask.destinations[found.down])
    lasts_s = found.dropoff_s - found.pickup_s - ask.board_s
    return (Counterfactual(Remedy.LONGER_RIDE, by_s=max(0.0, lasts_s - ride.max_ride_s)),)


def _other_stop(
    engine: QuoteEngine,
    ask: Ask,
    further_origins: Sequence[Alternative],
    further_destinations: Sequence[Alternative],
) -> tuple[Counterfactual, ...]:
    if not further_origins and not further_destinations:
        return ()
    origins = (*ask.origins, *further_origins)
    destinations = (*ask.destinations, *further_destinations)
    walker = replace(ask, origins=origins, destinations=destinations)
    found = engine.soonest(walker)
    if found is None:
        return ()
    origin, destination = origins[found.up], destinations[found.down]
    return (Counterfactual(Remedy.OTHER_STOP, origin=origin, destination=destination),)


def _meets_a_shift(engine: QuoteEngine, ask: Ask) -> bool:
    """Whether some vehicle that may carry the party is on duty at any moment the ride could
    take."""
    windows = [ask.pickup_window(origin, engine.terms) for origin in ask.origins]
    begins_s = min(window.earliest_s for window in windows)
    if ask.arrive_by_s is not None:
        begins_s = max(begins_s, ask.arrive_by_s - engine.terms.earliest_arrival_s)
    ends_s = min(max(window.latest_s for window in windows), ask.arrive_by_s or float("inf"))
    return any(
        plan.vehicle.shift.earliest_s <= ends_s and begins_s <= plan.vehicle.shift.latest_s
        for plan in engine.plans
        if _may_carry(ask, plan.vehicle_id)
    )
