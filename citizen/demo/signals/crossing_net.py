"""A crossing as a SUMO network, written by us: arms in order round the middle, a lane each way.

Arms stand evenly round the circle, the first to the north, the others clockwise; everybody may go
to every other arm. There are no inner lanes: vehicles pass the middle in one step.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

REACH_M, MIDDLE_M, LANE_M = 260.0, 12.0, 1.6
FREE_MPS = 13.9
NEVER_ENDS_S = 10_000_000


def write_crossing(folder: Path, *, per_hour: Sequence[float], detector_m: Sequence[float]) -> Path:
    """Network, detectors and traffic into a folder; the configuration's path. `per_hour` vehicles
    come by each arm and pass a detector `detector_m` before the line."""
    arms = len(per_hour)
    (folder / "crossing.net.xml").write_bytes(_network(arms))
    (folder / "crossing.add.xml").write_bytes(_detectors(detector_m))
    (folder / "crossing.rou.xml").write_bytes(_traffic(per_hour))
    root = Element("configuration")
    given = SubElement(root, "input")
    for name, file in (("net-file", "net"), ("route-files", "rou"), ("additional-files", "add")):
        SubElement(given, name, value=f"crossing.{file}.xml")
    path = folder / "crossing.sumocfg"
    path.write_bytes(tostring(root))
    return path


def turns(arms: int) -> list[tuple[int, int]]:
    """From which arm to which, in the order of the signal's links."""
    return [(a, b) for a in range(arms) for b in _others(a, arms)]


def _others(arm: int, arms: int) -> list[int]:
    """From the right to the left, as SUMO numbers links."""
    return [(arm - step) % arms for step in range(1, arms)]


def is_left(turn: tuple[int, int], arms: int) -> bool:
    """Whether a turn crosses those who come towards it."""
    a, b = turn
    return (b - a) % arms * 2 < arms


def _network(arms: int) -> bytes:
    root = Element("net", version="1.20")
    box = f"{-REACH_M},{-REACH_M},{REACH_M},{REACH_M}"
    SubElement(root, "location", netOffset="0.00,0.00", convBoundary=box, origBoundary=box,
               projParameter="!")  # fmt: skip
    for arm in range(arms):
        _edge(root, f"in{arm}", f"end{arm}", "middle", _lane(arm, arms, inward=True))
        _edge(root, f"out{arm}", "middle", f"end{arm}", _lane(arm, arms, inward=False))
    links = turns(arms)
    logic = SubElement(root, "tlLogic", id="middle", type="static", programID="0", offset="0")
    SubElement(logic, "phase", duration="10", state="r" * len(links))
    _middle(root, arms, links)
    for arm in range(arms):
        x, y = _point(arm, arms, REACH_M, 0.0)
        SubElement(root, "junction", id=f"end{arm}", type="dead_end", x=f"{x:.2f}", y=f"{y:.2f}",
                   incLanes=f"out{arm}_0", intLanes="", shape=_shape([(x, y)] * 2))  # fmt: skip
    for index, (a, b) in enumerate(links):
        way = "l" if is_left((a, b), arms) else "s" if 2 * ((b - a) % arms) == arms else "r"
        SubElement(root, "connection", {
            "from": f"in{a}", "to": f"out{b}", "fromLane": "0", "toLane": "0", "tl": "middle",
            "linkIndex": str(index), "dir": way, "state": "o",
        })  # fmt: skip
    return tostring(root)


def _edge(root: Element, name: str, start: str, end: str, line: list[tuple[float, float]]) -> None:
    edge = SubElement(root, "edge", {"id": name, "from": start, "to": end, "priority": "1"})
    length_m = math.dist(*line)
    SubElement(edge, "lane", id=f"{name}_0", index="0", speed=f"{FREE_MPS:.2f}",
               length=f"{length_m:.2f}", shape=_shape(line))  # fmt: skip


def _middle(root: Element, arms: int, links: list[tuple[int, int]]) -> None:
    corners = [_point(arm, arms, MIDDLE_M, side) for arm in range(arms) for side in (-4.0, 4.0)]
    middle = SubElement(
        root, "junction", id="middle", type="traffic_light", x="0.00", y="0.00",
        incLanes=" ".join(f"in{arm}_0" for arm in range(arms)), intLanes="", shape=_shape(corners),
    )  # fmt: skip
    for index, link in enumerate(links):
        foes = [_cross(link, other, arms) for other in links]
        yields = [foe and is_left(link, arms) for foe in foes]
        SubElement(middle, "request", index=str(index), response=_bits(yields), foes=_bits(foes),
                   cont="0")  # fmt: skip


def _cross(one: tuple[int, int], other: tuple[int, int], arms: int) -> bool:
    """A left turn and whoever comes towards it, or two that leave by one arm."""
    if one[0] == other[0]:
        return False
    return one[1] == other[1] or is_left(one, arms) != is_left(other, arms)


def _bits(flags: list[bool]) -> str:
    return "".join("1" if flag else "0" for flag in reversed(flags))


def _lane(arm: int, arms: int, *, inward: bool) -> list[tuple[float, float]]:
    """On the right of who drives."""
    side = -LANE_M if inward else LANE_M
    line = [_point(arm, arms, REACH_M, side), _point(arm, arms, MIDDLE_M, side)]
    return line if inward else line[::-1]


def _point(arm: int, arms: int, away_m: float, right_m: float) -> tuple[float, float]:
    """`right_m` is to the right of who looks outward."""
    angle = 2.0 * math.pi * arm / arms
    outward, right = (math.sin(angle), math.cos(angle)), (math.cos(angle), -math.sin(angle))
    return (
        outward[0] * away_m + right[0] * right_m,
        outward[1] * away_m + right[1] * right_m,
    )


def _shape(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)


def _detectors(detector_m: Sequence[float]) -> bytes:
    root = Element("additional")
    for arm, before_m in enumerate(detector_m):
        SubElement(root, "inductionLoop", id=f"loop{arm}", lane=f"in{arm}_0",
                   pos=f"{-min(before_m, REACH_M - MIDDLE_M - 5.0):.1f}", period="30",
                   file="NUL")  # fmt: skip
    return tostring(root)


def _traffic(per_hour: Sequence[float]) -> bytes:
    root = Element("routes")
    arms = len(per_hour)
    for a, b in turns(arms):
        SubElement(root, "flow", {
            "id": f"from{a}to{b}", "from": f"in{a}", "to": f"out{b}", "begin": "0",
            "end": str(NEVER_ENDS_S), "probability": f"{per_hour[a] / 3600 / (arms - 1):.5f}",
            "departSpeed": "max",
        })  # fmt: skip
    return tostring(root)
