"""What staff see of hazards."""

from apps.hazards.admin import assessments, detectors, models, stations, structures, water

__all__ = ["assessments", "detectors", "models", "stations", "structures", "water"]
