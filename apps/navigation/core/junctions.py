"""How the arms of a junction hang together.

Most junctions are a point. A kerb, gate, door or lift on a node divides it: the arms end at
separate ports, joined by short
inner segments that carry the feature. Where roads with tagged pavements meet, each corner between
two carriageways becomes
a port, and crossing a carriageway becomes a segment from corner to corner.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from apps.navigation.core.access import Tags
from apps.navigation.core.codes import Barrier, Kind, Mark
from apps.navigation.core.crossings import Network, road_sides
from apps.navigation.core.kerbs import KerbReading, read_kerb
from apps.navigation.core.measures import levels
from apps.navigation.core.pieces import Arm
from apps.navigation.core.traits import (
    Traits,
    barrier_code,
    barrier_traits,
    checked_on,
    crossing_marks,
    is_shut_to_walkers,
    signal_bits,
    tactile_code,
    wheelchair_code,
)

HUB = -1  # the port in the middle: of a star, or the carriageway itself
_ROAD_HALF_WIDTH_M = {
    Kind.LIVING_STREET: 3.0,
    Kind.SERVICE: 3.0,
    Kind.MINOR_ROAD: 4.5,
    Kind.MAJOR_ROAD: 6.5,
}


@dataclass(frozen=True, slots=True)
class Inner:
    """A segment inside a junction, from port to port."""

    tail: int
    head: int
    traits: Traits
    kerb: KerbReading | None = None
    climbs: int = 0
    missing_n: int = 0
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Junction:
    """Ports of the arms (in the order of the network's arms), inner segments, and ports off the
    node.
    """

    ports: tuple[int, ...]
    inner: tuple[Inner, ...]
    offsets: dict[int, tuple[float, float]]


def read_junction(network: Network, node_id: int) -> Junction:
    """Decide what a junction is by its tags and by the roads that meet there."""
    arms = network.arms[node_id]
    tags = network.world.nodes[node_id].tags
    if any(network.pieces[arm.piece].strand.side for arm in arms):
        return _corners(network, tags, arms)
    if not tags or len(arms) < 2:
        return _plain(arms)
    if is_shut_to_walkers(tags):
        return Junction(tuple(range(len(arms))), (), {})
    if tags.get("highway") == "elevator":
        return _lift(network, tags, arms)
    if barrier_code(tags) is not Barrier.NONE:
        return _divided(len(arms), barrier_traits(tags))
    reading = read_kerb(tags)
    if reading is None or tags.get("highway") in ("crossing", "traffic_signals"):
        return _plain(arms)
    return _kerb(network, node_id, arms, reading)


def _plain(arms: list[Arm]) -> Junction:
    return Junction((0,) * len(arms), (), {})


def _divided(arms_n: int, traits: Traits, kerb: KerbReading | None = None) -> Junction:
    """Whoever goes from one arm to another passes the feature once: directly, or by two half
    legs.
    """
    missing_n = 1 if kerb is not None and math.isnan(kerb.height_cm) else 0
    if arms_n == 2:
        return Junction((0, 1), (Inner(0, 1, traits, kerb, 0, missing_n),), {})
    leg = replace(traits, marks=traits.marks | Mark.HALF)
    legs = tuple(Inner(port, HUB, leg, kerb, 0, missing_n, share=0.5) for port in range(arms_n))
    return Junction(tuple(range(arms_n)), legs, {})


def _lift(network: Network, tags: Tags, arms: list[Arm]) -> Junction:
    served = levels(tags.get("level"))
    traits = Traits(
        kind=Kind.LIFT,
        steps_n=0,
        width_m=barrier_traits(tags).width_m,
        wheelchair=wheelchair_code(tags.get("wheelchair")),
        level_from=served[0] if served else math.nan,
        level_to=served[-1] if served else math.nan,
        checked_on=checked_on(tags),
        name=tags.get("name", tags.get("ref", "")),
        hours=tags.get("opening_hours", ""),
    )
    return _divided(len(arms), traits)


def _kerb(network: Network, node_id: int, arms: list[Arm], reading: KerbReading) -> Junction:
    """Pavement arms on port 0, road arms on port 1, and the kerb climbed from 1 to 0."""
    tags = network.world.nodes[node_id].tags
    traits = Traits(
        kind=Kind.KERB,
        steps_n=0,
        tactile=tactile_code(tags.get("tactile_paving")),
        wheelchair=wheelchair_code(tags.get("wheelchair")),
        checked_on=checked_on(tags),
    )
    ports = tuple(int(side) for side in road_sides(network, node_id))
    if len(set(ports)) == 1:
        return _divided(len(arms), traits, reading)
    missing_n = 1 if math.isnan(reading.height_cm) else 0
    return Junction(ports, (Inner(1, 0, traits, reading, 1, missing_n),), {})


@dataclass(frozen=True, slots=True)
class _Road:
    """A carriageway leaving a junction, whether or not it is walked itself."""

    bearing_deg: float
    kind: Kind
    lanes_n: int


def _corners(network: Network, tags: Tags, arms: list[Arm]) -> Junction:
    roads = _roads(network, arms)
    bearings = [road.bearing_deg for road in roads]
    ports = tuple(_corner_of(network, arm, bearings) for arm in arms)
    used = sorted(set(ports) - {HUB})
    half_width_m = max(_ROAD_HALF_WIDTH_M[road.kind] for road in roads)
    offsets = {port: _corner_offset(bearings, port, half_width_m) for port in used}
    inner = list(_ways_over(roads, tags, arms, set(used), offsets, has_hub=HUB in ports))
    if HUB in ports:
        inner += [_onto_road(port, offsets[port]) for port in used]
    return Junction(ports, tuple(inner), offsets)


def _roads(network: Network, arms: list[Arm]) -> list[_Road]:
    """The carriageways of a junction, clockwise; a road's two pavements count once."""
    found: dict[tuple[int, bool, float], _Road] = {}
    for arm in arms:
        strand = network.pieces[arm.piece].strand
        if strand.side or strand.is_on_carriageway:
            kind = _road_kind(strand.tags)
            key = (strand.way_id, arm.at_end, arm.bearing_deg)
            found[key] = _Road(arm.bearing_deg, kind, int(strand.tags.get("lanes", "0") == "4"))
    return sorted(found.values(), key=lambda road: road.bearing_deg)


def _road_kind(tags: Tags) -> Kind:
    highway = tags.get("highway", "")
    if highway in ("primary", "secondary", "trunk", "primary_link", "secondary_link", "trunk_link"):
        return Kind.MAJOR_ROAD
    if highway == "living_street":
        return Kind.LIVING_STREET
    return Kind.SERVICE if highway == "service" else Kind.MINOR_ROAD


def _corner_of(network: Network, arm: Arm, bearings: list[float]) -> int:
    """Corner k lies clockwise after road k. Crossings and walked carriageways end in the middle."""
    strand = network.pieces[arm.piece].strand
    if strand.side:
        road = bearings.index(arm.bearing_deg)
        is_clockwise = (strand.side == "right") != arm.at_end
        return road if is_clockwise else (road - 1) % len(bearings)
    if strand.is_crossing or strand.is_on_carriageway:
        return HUB
    before = [k for k, bearing in enumerate(bearings) if bearing <= arm.bearing_deg]
    return before[-1] if before else len(bearings) - 1


def _corner_offset(bearings: list[float], corner: int, half_width_m: float) -> tuple[float, float]:
    """Where the pavements' centre lines meet: on the bisector, further out the sharper the
    corner.
    """
    first = bearings[corner]
    opening = (bearings[(corner + 1) % len(bearings)] - first) % 360.0 or 360.0
    middle = math.radians(first + opening / 2)
    out_m = half_width_m / max(math.sin(math.radians(min(opening, 180.0)) / 2), 0.4)
    return out_m * math.sin(middle), out_m * math.cos(middle)


def _ways_over(
    roads: list[_Road],
    tags: Tags,
    arms: list[Arm],
    used: set[int],
    offsets: dict[int, tuple[float, float]],
    *,
    has_hub: bool,
) -> Iterator[Inner]:
    """A crossing over each carriageway with a corner on both sides, where people do cross."""
    is_crossing = tags.get("highway") in ("crossing", "traffic_signals")
    if (len(roads) < 3 and not is_crossing) or (has_hub and len(roads) < 3):
        return
    done: set[frozenset[int]] = set()
    for number, road in enumerate(roads):
        pair = frozenset(((number - 1) % len(roads), number))
        if len(pair) == 2 and pair <= used and pair not in done:
            done.add(pair)
            tail, head = sorted(pair)
            yield _way_over(tail, head, road, tags)


def _way_over(tail: int, head: int, road: _Road, tags: Tags) -> Inner:
    reading = read_kerb(tags)
    known = reading is not None and not math.isnan(reading.height_cm)
    traits = Traits(
        kind=Kind.CROSSING,
        steps_n=0,
        signal=signal_bits(tags),
        tactile=tactile_code(tags.get("tactile_paving")),
        marks=int(crossing_marks(tags) | Mark.SYNTHETIC),
        checked_on=checked_on(tags),
        lanes_n=4 if road.lanes_n else 2,
    )
    # a pavement usually runs on level across a driveway; anywhere else two kerbs are to be expected
    missing_n = 0 if known or road.kind in (Kind.SERVICE, Kind.LIVING_STREET) else 2
    return Inner(tail, head, traits, reading if known else None, 0, missing_n)


def _onto_road(port: int, offset: tuple[float, float]) -> Inner:
    traits = Traits(kind=Kind.LINK, steps_n=0, marks=int(Mark.SYNTHETIC))
    return Inner(port, HUB, traits, missing_n=1)
