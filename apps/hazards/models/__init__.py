"""What threatens, as far as other apps may see it."""

from apps.hazards.models.assessments import (
    Assessment,
    AssessmentQuerySet,
    Certainty,
    HazardKind,
    Severity,
    Urgency,
)
from apps.hazards.models.detectors import Detector
from apps.hazards.models.forecasts import Forecast, ModelVersion, RainForecast
from apps.hazards.models.inundation import InundationStep, Reach, Underpass
from apps.hazards.models.stations import (
    Catchment,
    Cause,
    Flag,
    HourlyValue,
    Level,
    QualityNote,
    RatingRow,
    Station,
    StationState,
)
from apps.hazards.models.structures import (
    InspectionOrder,
    Structure,
    StructureSensor,
    StructureWindow,
)

__all__ = [
    "Assessment", "AssessmentQuerySet", "Catchment", "Cause", "Certainty", "Detector", "Flag",
    "Forecast", "HazardKind", "HourlyValue", "InspectionOrder", "InundationStep", "Level",
    "ModelVersion", "QualityNote", "RainForecast", "RatingRow", "Reach", "Severity", "Station",
    "StationState", "Structure", "StructureSensor", "StructureWindow", "Underpass", "Urgency",
]  # fmt: skip
