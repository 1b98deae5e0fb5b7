"""A session's state ⇄ JSON."""

from dataclasses import asdict
from typing import Any

from apps.navigation.core.guidance import Guidance
from apps.navigation.core.matching import NOWHERE, Belief, Fix, Hypothesis
from apps.navigation.core.snapping import Spot


def state_document(state: Guidance) -> dict[str, Any]:
    return {"state": asdict(state) | {"told": sorted(state.told)}}


def state_of(document: dict[str, Any]) -> Guidance:
    kept = document.get("state")
    return Guidance(**kept | {"told": frozenset(kept["told"])}) if kept else Guidance()


def belief_document(belief: Belief) -> dict[str, Any]:
    return {"belief": asdict(belief)}


def belief_of(document: dict[str, Any]) -> Belief:
    kept = document.get("belief")
    if not kept or not kept["fix"]:
        return NOWHERE
    hypotheses = (Hypothesis(Spot(**h["spot"]), h["probability"]) for h in kept["hypotheses"])
    return Belief(Fix(**kept["fix"]), tuple(hypotheses))
