"""Signalised junctions: a controller each, a group for every approach and every crossing."""

from dataclasses import dataclass
from math import degrees
from typing import Literal

from citizen.demo.world.elements import ElementBook
from citizen.demo.world.network import Network
from citizen.demo.world.pavements import Arm, SignalCrossing, Walkways, is_signalled
from citizen.demo.world.plane import to_lonlat
from citizen.demo.world.street_tags import names

# Seoul's rule for green men: seven seconds and one second for each metre (2024).
GREEN_BASE_S = 7.0
WALK_MPS = 1.0


@dataclass(frozen=True)
class SignalGroup:
    """`bearing_deg` is the direction from the junction to the arm, clockwise from north."""

    number: int
    kind: Literal["vehicle", "pedestrian"]
    street: str
    bearing_deg: float
    crossing_way_id: int | None = None
    crossing_m: float | None = None
    min_green_s: float = 7.0
    crossing: tuple[tuple[float, float], ...] = ()  # lon, lat from kerb to kerb


@dataclass(frozen=True)
class SignalJunction:
    code: str
    name_ko: str
    name_en: str
    lon: float
    lat: float
    node_id: int
    groups: tuple[SignalGroup, ...]


def build_junctions(
    book: ElementBook, network: Network, walkways: Walkways
) -> tuple[SignalJunction, ...]:
    found: list[SignalJunction] = []
    for number, arms in enumerate(walkways.arms):
        if not is_signalled(arms):
            continue
        crossings = [c for c in walkways.signal_crossings if c.junction == number]
        node_id = walkways.junction_ids[number]
        code = f"J{len(found) + 1:02d}"
        found.append(_junction(book, code, node_id, arms, crossings))
    return tuple(found)


def _junction(
    book: ElementBook, code: str, node_id: int, arms: list[Arm], crossings: list[SignalCrossing]
) -> SignalJunction:
    name_ko, name_en = _name(arms)
    tags = {"highway": "traffic_signals", "ref": code, "traffic_signals": "signal"}
    book.tag_node(node_id, tags | names(name_ko, name_en))
    vehicle = [
        SignalGroup(i + 1, "vehicle", arm.plan.key, _bearing(arm)) for i, arm in enumerate(arms)
    ]
    by_edge = {c.edge: c for c in crossings}
    walking: list[SignalGroup] = []
    for arm in arms:
        crossing = by_edge.get(arm.edge.number)
        if crossing is not None:
            walking.append(_walking_group(len(vehicle) + len(walking) + 1, arm, crossing))
    lon, lat = to_lonlat(book.point(node_id))
    return SignalJunction(code, name_ko, name_en, lon, lat, node_id, (*vehicle, *walking))


def _walking_group(number: int, arm: Arm, crossing: SignalCrossing) -> SignalGroup:
    green_s = GREEN_BASE_S + crossing.length_m / WALK_MPS
    return SignalGroup(number, "pedestrian", arm.plan.key, _bearing(arm), crossing.way_id,
                       crossing.length_m, green_s,
                       tuple(to_lonlat(point) for point in crossing.line))  # fmt: skip


def _bearing(arm: Arm) -> float:
    return round((90.0 - degrees(arm.angle)) % 360.0, 1)


def _name(arms: list[Arm]) -> tuple[str, str]:
    plans = list(dict.fromkeys(arm.plan for arm in arms))[:2]
    shape_ko = "삼거리" if len(arms) == 3 else "사거리"
    ko = "·".join(plan.name_ko for plan in plans)
    return f"{ko} {shape_ko}", " / ".join(plan.name_en for plan in plans)
