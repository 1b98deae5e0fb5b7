"""Legs ⇄ JSON: what a stored route keeps of an answer."""

from dataclasses import asdict, fields
from typing import Any

import numpy as np

from apps.accounts.core.mobility import MobilityProfile, personal
from apps.navigation.core.certainty import Certainty
from apps.navigation.core.explanations import Blocker, Explanation
from apps.navigation.core.planning import Leg
from apps.navigation.core.routing import Way


def leg_document(leg: Leg) -> dict[str, Any]:
    way, certainty, why = leg.way, leg.certainty, leg.explanation
    return {
        "way": {
            "segments": way.segments.tolist(),
            "is_back": way.is_back.tolist(),
            "start": way.start,
            "stop": way.stop,
            "lengths_m": way.lengths_m.tolist(),
            "times_s": way.times_s.tolist(),
            "cost_s": way.cost_s,
        },
        "certainty": asdict(certainty),
        "explanation": {
            "walk_m": why.walk_m,
            "detour_m": why.detour_m,
            "blockers": [asdict(blocker) for blocker in why.blockers],
        },
    }


def leg_of(document: dict[str, Any]) -> Leg:
    kept = document["way"]
    way = Way(
        segments=np.array(kept["segments"], dtype=np.int32),
        is_back=np.array(kept["is_back"], dtype=np.uint8),
        start=kept["start"],
        stop=kept["stop"],
        lengths_m=np.array(kept["lengths_m"]),
        times_s=np.array(kept["times_s"]),
        cost_s=kept["cost_s"],
    )
    why = document["explanation"]
    blockers = tuple(_blocker(row) for row in why["blockers"])
    explanation = Explanation(why["walk_m"], why["detour_m"], blockers)
    return Leg(way, Certainty(**document["certainty"]), explanation)


def _blocker(row: dict[str, Any]) -> Blocker:
    return Blocker(**row | {"segments": tuple(row["segments"])})


def profile_document(profile: MobilityProfile) -> dict[str, Any]:
    """All limits, so that a later change of the starting profiles changes no stored route."""
    row = {field.name: getattr(profile, field.name) for field in fields(profile)}
    return row | {"must_know": sorted(profile.must_know)}


def profile_of(document: dict[str, Any]) -> MobilityProfile:
    limits = dict(document)
    return personal(limits.pop("base"), limits)
