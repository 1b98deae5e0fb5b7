"""What is wet, or would be: the steps of reaches at a stage, as GeoJSON."""

from collections.abc import Iterable, Iterator
from typing import Any

from apps.hazards.models import InundationStep, Reach, Station, Underpass
from apps.hazards.selectors.stations import newest_forecast

LEAST_DEPTH_M = 0.02


def step_at(reach: Reach, stage_m: float) -> InundationStep | None:
    """The step that a stage at the reach's gauge fills, with its shape; None if it is dry."""
    depth_m = stage_m + reach.offset_m
    steps = reach.steps.all()
    found = steps.filter(depth_m__gte=depth_m).order_by("depth_m").first()
    found = found or steps.order_by("-depth_m").first()
    return found if found and depth_m > 0 and found.area_m2 > 0 else None


def wet_now() -> dict[str, Any]:
    """Each reach at its gauge's stage, and in the three bands of its forecast's highest hour."""
    features: list[dict[str, Any]] = []
    for reach in Reach.objects.exclude(built_at=None).select_related("station__state"):
        features += _features(reach, _stages(reach.station))
    features += _hollows()
    return {"type": "FeatureCollection", "features": features}


def _hollows() -> Iterator[dict[str, Any]]:
    """Underpasses with water in them, by gauge or by rain, and those that the rain will fill."""
    for one in Underpass.objects.select_related("station__state"):
        depth_m, is_measured = one.depth_now_m or (0.0, False)
        bands = {"now": depth_m, "foreseen": one.foreseen_m or 0.0}
        for band, deep_m in bands.items():
            if deep_m >= LEAST_DEPTH_M:
                yield {
                    "type": "Feature",
                    "id": f"{one.code}:{band}",
                    "properties": {
                        "underpass": one.code,
                        "band": band,
                        "depth_m": round(deep_m, 2),
                        "measured": is_measured and band == "now",
                        "closed": deep_m >= one.closed_from_m,
                    },
                    "geometry": {"type": "Polygon", "coordinates": one.geom.coords},
                }


def _stages(station: Station) -> dict[str, float]:
    """What is asked of a reach: band → stage."""
    stages: dict[str, float] = {}
    state = station.state
    if state.value is not None and state.flag == "good":
        stages["now"] = state.value
    forecast = newest_forecast(station)
    if forecast:
        for band in ("p10", "p50", "p90"):
            stages[band] = max(hour[band] for hour in forecast.hours)
    return stages


def what_if(station: Station, stage_m: float) -> dict[str, Any]:
    """All reaches of a gauge at a supposed stage."""
    features: list[dict[str, Any]] = []
    for reach in station.reaches.exclude(built_at=None):
        features += _features(reach, {"what_if": stage_m})
    return {"type": "FeatureCollection", "features": features}


def _features(reach: Reach, stages: dict[str, float]) -> Iterable[dict[str, Any]]:
    for band, stage_m in stages.items():
        step = step_at(reach, stage_m)
        if step is not None:
            yield {
                "type": "Feature",
                "id": f"{reach.code}:{band}",
                "properties": {
                    "reach": reach.code,
                    "band": band,
                    "stage_m": round(stage_m, 2),
                    "depth_m": step.depth_m,
                    "area_m2": round(step.area_m2),
                },
                "geometry": _geometry(step),
            }


def _geometry(step: InundationStep) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": step.geom.coords}
