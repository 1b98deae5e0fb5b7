"""Tags of streets and pavements by kind and quarter, some of them honestly unknown."""

from random import Random

from citizen.demo.world.network import Edge
from citizen.demo.world.street_kinds import PAVEMENT_M, Kind, Quarter, StreetPlan

# Share of ways on which somebody has recorded the attribute.
KNOWN: dict[str, dict[Quarter, float]] = {
    "surface": {"new": 0.97, "mid": 0.9, "old": 0.8, "hill": 0.7},
    "smoothness": {"new": 0.7, "mid": 0.5, "old": 0.4, "hill": 0.2},
    "width": {"new": 0.8, "mid": 0.55, "old": 0.5, "hill": 0.2},
    "lit": {"new": 0.9, "mid": 0.75, "old": 0.65, "hill": 0.3},
    "tactile": {"new": 0.9, "mid": 0.5, "old": 0.2, "hill": 0.1},
}
SURFACE: dict[Kind, str] = {
    "primary": "asphalt", "secondary": "asphalt", "tertiary": "asphalt", "residential": "asphalt",
    "living": "paving_stones", "market": "paving_stones", "service": "concrete",
    "alley": "paving_stones", "path": "ground", "steps": "concrete", "cycle": "asphalt",
    "lift": "metal",
}  # fmt: skip
# Lanes whose surface differs from their kind's.
ROUGH_LANES = {"nubi": "sett", "gobul": "sett", "dolda": "cobblestone", "sarang": "concrete"}
WELL_KEPT = frozenset({"seunggang", "seunggangup", "dalmaji", "seongbyeok", "jangteo", "sanseong"})


def known(draw: Random, what: str, quarter: Quarter) -> bool:
    return draw.random() < KNOWN[what][quarter]


def names(name_ko: str, name_en: str) -> dict[str, str]:
    if not name_ko:
        return {}
    return {"name": name_ko, "name:ko": name_ko, "name:en": name_en}


def street_tags(edge: Edge, draw: Random) -> dict[str, str]:
    plan = edge.plan
    tags = {"highway": plan.spec.highway} | names(plan.name_ko, plan.name_en)
    tags |= _surface(plan, draw) | _traffic(plan) | _sidewalk(plan, draw)
    if known(draw, "lit", plan.quarter):
        tags["lit"] = "no" if plan.kind == "path" else "yes"
    if edge.bridge:
        tags |= {"bridge": "yes", "layer": "1"} | _bridge_name(plan)
    if plan.kind in ("steps", "lift"):
        tags |= _climbing(plan)
    return tags


def _surface(plan: StreetPlan, draw: Random) -> dict[str, str]:
    tags = {}
    surface = ROUGH_LANES.get(plan.key, SURFACE[plan.kind])
    if known(draw, "surface", plan.quarter) or plan.key in WELL_KEPT:
        tags["surface"] = surface
    if known(draw, "smoothness", plan.quarter) or plan.key in WELL_KEPT:
        rough = {"sett": "intermediate", "cobblestone": "bad", "ground": "bad"}
        tags["smoothness"] = rough.get(surface, draw.choice(["excellent", "good", "good"]))
    if known(draw, "width", plan.quarter) or plan.key in WELL_KEPT:
        tags["width"] = f"{plan.spec.width_m:.1f}"
    return tags


def _traffic(plan: StreetPlan) -> dict[str, str]:
    if not plan.spec.is_for_cars:
        return {"bicycle": "designated", "foot": "yes"} if plan.kind == "cycle" else {}
    tags = {"maxspeed": str(plan.spec.maxspeed_kmh)}
    if plan.oneway:
        tags |= {"oneway": "yes", "lanes": "1"}
    elif plan.spec.lanes:
        tags["lanes"] = str(plan.spec.lanes)
    return tags


def _sidewalk(plan: StreetPlan, draw: Random) -> dict[str, str]:
    if not plan.spec.is_for_cars:
        return {}
    if plan.pavement == "separate":
        return {"sidewalk": "separate"}
    if plan.pavement == "none":
        return {"sidewalk": "no"} if draw.random() < 0.6 else {}
    tags: dict[str, str] = {"sidewalk": plan.pavement}
    if known(draw, "width", plan.quarter):
        tags[f"sidewalk:{plan.pavement}:width"] = f"{PAVEMENT_M[plan.quarter]:.1f}"
    if known(draw, "surface", plan.quarter):
        tags[f"sidewalk:{plan.pavement}:surface"] = "paving_stones"
    return tags


def _bridge_name(plan: StreetPlan) -> dict[str, str]:
    ko, en = plan.bridge_name or ("", "")
    return {"bridge:name": ko, "bridge:name:ko": ko, "bridge:name:en": en}


def _climbing(plan: StreetPlan) -> dict[str, str]:
    if plan.kind == "lift":
        return {"wheelchair": "yes", "level": "0;1", "opening_hours": "24/7", "foot": "yes"}
    return {"handrail": "yes", "ramp": "no", "tactile_paving": "no"}


def pavement_tags(edge: Edge, draw: Random) -> dict[str, str]:
    quarter = edge.plan.quarter
    tags = {"highway": "footway", "footway": "sidewalk"}
    well_kept = edge.plan.key in WELL_KEPT
    if known(draw, "surface", quarter) or well_kept:
        tags["surface"] = "paving_stones" if quarter != "new" else "concrete:plates"
    if known(draw, "smoothness", quarter) or well_kept:
        tags["smoothness"] = draw.choice(["excellent", "good", "good", "intermediate"])
    if known(draw, "width", quarter) or well_kept:
        tags["width"] = f"{PAVEMENT_M[quarter]:.1f}"
    if known(draw, "lit", quarter):
        tags["lit"] = "yes"
    if known(draw, "tactile", quarter):
        tags["tactile_paving"] = "yes" if quarter == "new" else "no"
    if edge.bridge:
        tags |= {"bridge": "yes", "layer": "1"}
    return tags
