"""Crossings and their kerbs: which kind stands where, and what is known of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from citizen.demo.world.street_kinds import Quarter, StreetPlan

# Along these streets the city has lowered every kerb.
LOWERED_ALONG = frozenset({
    "yeokjeon", "jungang", "gangbyeon", "sanseong", "seunggangup", "cheolgil", "cheolgilseo",
    "sicheong", "haetsal",
})  # fmt: skip
# Where the direct lane meets the upper street its southern kerb was forgotten.
FORGOTTEN = frozenset({"dalmaji", "gwana"})
FORGOTTEN_KERB_M = 0.09

_WEIGHTS: dict[Quarter, tuple[float, float, float, float, float]] = {
    # flush, lowered, raised, rolled, unknown
    "new": (0.34, 0.56, 0.0, 0.0, 0.10),
    "mid": (0.10, 0.55, 0.10, 0.03, 0.22),
    "old": (0.02, 0.22, 0.40, 0.08, 0.28),
    "hill": (0.02, 0.30, 0.25, 0.08, 0.35),
}


@dataclass(frozen=True)
class Crossing:
    """`signals` is a crossing with a light of its own for walkers."""

    marked: bool
    signals: bool

    def tags(self, draw: Random) -> dict[str, str]:
        if self.signals:
            kind = "traffic_signals"
        elif self.marked:
            kind = draw.choice(["uncontrolled", "marked"])
        else:
            kind = "unmarked"
        markings = {"crossing:markings": "zebra"} if self.marked else {"crossing:markings": "no"}
        lights = {"crossing:signals": "yes"} if self.signals else {}
        return {"crossing": kind} | markings | lights


def signal_tags(quarter: Quarter, draw: Random) -> dict[str, str]:
    """What a blind person finds at the pole."""
    likely = {"new": 0.85, "mid": 0.6, "old": 0.3, "hill": 0.2}[quarter]
    sound = draw.random() < likely
    tags = {"traffic_signals:sound": "yes" if sound else "no"}
    if draw.random() < 0.8:
        tags["traffic_signals:vibration"] = "yes" if sound and draw.random() < 0.7 else "no"
    if draw.random() < 0.7:
        tags["button_operated"] = "yes" if draw.random() < 0.5 else "no"
    return tags


def kerb_tags(plans: Iterable[StreetPlan], quarter: Quarter, south: bool, draw: Random) -> dict[
    str, str
]:  # fmt: skip
    """Tags of one kerb node at a junction of these streets; none where nobody has looked."""
    keys = {plan.key for plan in plans}
    if keys >= FORGOTTEN and south:
        return _kerb("raised", FORGOTTEN_KERB_M, "no")
    if keys >= FORGOTTEN or keys & LOWERED_ALONG:
        kind = draw.choice(["flush", "lowered", "lowered"])
        return _kerb(kind, 0.0 if kind == "flush" else 0.02, _tactile(quarter, draw))
    kinds = ("flush", "lowered", "raised", "rolled", "")
    kind = draw.choices(kinds, _WEIGHTS[quarter])[0]
    return _kerb(kind, _height_m(kind, draw), _tactile(quarter, draw)) if kind else {}


def _height_m(kind: str, draw: Random) -> float | None:
    if draw.random() < 0.45:
        return None
    spread = {"flush": (0, 0), "lowered": (1, 3), "raised": (8, 15), "rolled": (4, 7)}[kind]
    return draw.randint(*spread) / 100


def _tactile(quarter: Quarter, draw: Random) -> str | None:
    if draw.random() > {"new": 0.92, "mid": 0.6, "old": 0.3, "hill": 0.2}[quarter]:
        return None
    paved = {"new": 0.93, "mid": 0.6, "old": 0.2, "hill": 0.1}[quarter]
    return "yes" if draw.random() < paved else "no"


def _kerb(kind: str, height_m: float | None, tactile: str | None) -> dict[str, str]:
    tags = {"barrier": "kerb", "kerb": kind}
    if height_m is not None:
        tags["kerb:height"] = f"{height_m:.2f}"
    if tactile is not None:
        tags["tactile_paving"] = tactile
    return tags
