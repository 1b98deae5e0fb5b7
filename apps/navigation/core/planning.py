"""One question, one answer: the way between stops, what it rests on, why it is not shorter, and
other ways.

This is the whole of what a route request needs; shells only translate it.
"""

import itertools
from dataclasses import dataclass

from apps.navigation.core.arrays import I4, U1
from apps.navigation.core.certainty import Certainty, certainty_of
from apps.navigation.core.explanations import Explanation, NoWay, no_way, why_not
from apps.navigation.core.overlay import Overlay, ruling_for
from apps.navigation.core.routing import (
    NoSpot,
    Way,
    alternatives,
    find_spot,
    leg,
    ordinary_terms,
)
from apps.navigation.core.search import Traveller, open_parts
from apps.navigation.core.snapping import Spot
from apps.navigation.core.terrain import Terrain

MOST_ALTERNATIVES = 2


@dataclass(frozen=True, slots=True)
class BadStop:
    """A stop that cannot be used: its place in the request, and why."""

    index: int
    why: NoSpot


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg between two stops, with what it rests on and why it is not shorter."""

    way: Way
    certainty: Certainty
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer. Either `legs` are there, or `bad_stops` or `no_way` say why not.

    `others` are further ways of a plan without via points, best first.
    """

    spots: tuple[Spot, ...] = ()
    legs: tuple[Leg, ...] = ()
    others: tuple[Leg, ...] = ()
    bad_stops: tuple[BadStop, ...] = ()
    no_way: NoWay | None = None

    @property
    def ways(self) -> tuple[Way, ...]:
        return tuple(one.way for one in self.legs)


@dataclass(frozen=True, slots=True)
class Moment:
    """Today's obstacles and what they mean for one person; kept until either changes.

    `part` numbers the nodes by what this person can reach, directions aside: two nodes of
    different parts have no way between
    them, which saves searching the whole city for it.
    """

    overlay: Overlay
    ruling: U1
    part: I4


def moment_for(person: Traveller, overlay: Overlay) -> Moment:
    """What an overlay means for a person."""
    profile = person.prices.profile
    assert profile is not None  # drivers have rulings of their own
    ruling = ruling_for(person.graph, overlay, profile)
    return Moment(overlay, ruling, open_parts(person, ruling))


def plan(
    terrain: Terrain,
    person: Traveller,
    moment: Moment,
    stops: tuple[tuple[float, float], ...],
    *,
    most_others: int = MOST_ALTERNATIVES,
) -> Plan:
    """Plan over two or more stops, given as x and y on the build's plane.

    Steps: find a spot for each stop; find each leg; explain it; find other ways.
    """
    if len(stops) < 2:
        raise ValueError("a way needs at least two stops")
    found = [find_spot(terrain, person, moment.ruling, x, y) for x, y in stops]
    bad = tuple(BadStop(i, spot) for i, spot in enumerate(found) if isinstance(spot, NoSpot))
    if bad:
        return Plan(bad_stops=bad)
    spots = tuple(spot for spot in found if isinstance(spot, Spot))
    legs: list[Leg] = []
    for source, target in itertools.pairwise(spots):
        planned = _leg(terrain, person, moment, source, target)
        if isinstance(planned, NoWay):
            return Plan(spots=spots, no_way=planned)
        legs.append(planned)
    others = _others(person, moment, spots, legs[0], most_others) if len(spots) == 2 else ()
    return Plan(spots, tuple(legs), others)


def _leg(
    terrain: Terrain, person: Traveller, moment: Moment, source: Spot, target: Spot
) -> Leg | NoWay:
    terms = ordinary_terms(moment.ruling)
    may_exist = _share_a_part(person, moment, source, target)
    way = leg(person, terms, source, target) if may_exist else None
    if way is None:
        return no_way(person, moment.overlay, terms, (source, target))
    why = why_not(terrain, person, moment.overlay, terms, (source, target), way)
    return Leg(way, certainty_of(terrain.graph, way), why)


def _share_a_part(person: Traveller, moment: Moment, source: Spot, target: Spot) -> bool:
    if source.segment == target.segment:
        return True
    rows = person.graph.rows
    first, second = (
        {int(moment.part[rows[spot.segment][end]]) for end in ("tail", "head")}
        for spot in (source, target)
    )
    return not first.isdisjoint(second)


def _others(
    person: Traveller, moment: Moment, spots: tuple[Spot, ...], best: Leg, most: int
) -> tuple[Leg, ...]:
    """Other ways share the first one's explanation: it is about the walk none of them can take."""
    terms = ordinary_terms(moment.ruling)
    ways = alternatives(person, terms, spots[0], spots[1], best.way, most) if most else []
    return tuple(Leg(way, certainty_of(person.graph, way), best.explanation) for way in ways)
