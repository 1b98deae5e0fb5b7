"""Offers: up to three rides that a vehicle's plan can carry, signed, for a minute.

Nothing is written and nobody is held back: an offer is checked again when it is taken.
"""

import uuid
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock
from apps.base.problems import Invalid
from apps.drt.cache import Fleet, Supply, fleet_of
from apps.drt.core.asks import Ask, Terms
from apps.drt.core.budget import Iterations
from apps.drt.core.ejection import second_chance
from apps.drt.core.explaining import Refusal, explain_refusal
from apps.drt.models import OperatingRule, Service
from apps.drt.services.claims import LASTS, Claim, Quote, claim_of, signed_offer
from apps.drt.services.hours import Span, spans_for
from apps.drt.services.reach import alternatives, out_of_reach, stops_near
from apps.drt.services.refusals import NoRide, OutsideArea, ZoneSuspended
from apps.drt.services.wishes import Wish, checked, personal
from apps.drt.snapshot import seconds

FURTHER = 3.0  # how many times the longest walk is tried for "another stop would do"
SECOND_CHANCE = Iterations(400)


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
    return Quote(tuple(map(signed_offer, claims)), expires_at)


def the_only_service() -> str:
    """The service meant where none is named. Raises Invalid if there are several, or none."""
    codes = list(Service.objects.filter(retired_at=None).values_list("code", flat=True)[:2])
    if len(codes) != 1:
        raise Invalid(errors={"service": _("Say which service.")})
    return codes[0]


def offers_for(fleet: Fleet, wish: Wish) -> list[Claim]:
    """Under the first rule that has any; the fleet is locked and fresh."""
    wish = checked(fleet.supply.service, wish)
    refusal: Refusal | None = None
    for rule, span in _openings(fleet.supply, wish):
        ask = _ask(fleet.supply, wish, rule, span)
        if ask is None:
            continue
        terms = _terms(fleet.supply.service.terms, ask, span)
        found = [offer for offer in fleet.engine.quote(ask, terms) if span.admits(offer)]
        claims = [claim_of(fleet.supply, wish, rule, offer) for offer in found]
        if not claims:
            claims = _after_making_room(fleet, wish, rule, span, ask, terms)
        if claims:
            return claims
        refusal = refusal or _refusal(fleet, wish, rule, ask)
    if refusal is None:
        raise OutsideArea(errors=out_of_reach(fleet.supply, wish))
    raise NoRide.because(refusal)


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
    return all(len(stops_near(supply, wish, place, zone)) for place, zone in ends)


def _ask(supply: Supply, wish: Wish, rule: OperatingRule, span: Span) -> Ask | None:
    """The wish as the engine takes it; None where both ends share all their stops."""
    ups = stops_near(supply, wish, wish.origin, rule.from_zone_id)
    downs = stops_near(supply, wish, wish.destination, rule.to_zone_id)
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
        origins=alternatives(supply, wish, wish.origin, ups),
        destinations=alternatives(supply, wish, wish.destination, downs),
        now_s=seconds(clock.now()),
        depart_after_s=seconds(span.depart_after) if span.depart_after else None,
        arrive_by_s=seconds(wish.arrive_by) if wish.arrive_by else None,
        party=party,
        board_s=float(dwell_s),
        alight_s=float(dwell_s),
        needs_step_free=wish.step_free,
        vehicles=supply.vehicles_for(rule),
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
                return [claim_of(fleet.supply, wish, rule, offer, makes_room=True)]
    return []


def _refusal(fleet: Fleet, wish: Wish, rule: OperatingRule, ask: Ask) -> Refusal:
    supply = fleet.supply
    further = {
        name: alternatives(
            supply, wish, place, stops_near(supply, wish, place, zone, reach=FURTHER, most=8)
        )
        for name, place, zone in (
            ("further_origins", wish.origin, rule.from_zone_id),
            ("further_destinations", wish.destination, rule.to_zone_id),
        )
    }
    return explain_refusal(fleet.engine, ask, **further)
