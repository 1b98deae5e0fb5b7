"""What threatens, as far as other apps may see it."""

from apps.hazards.models.assessments import (
    Assessment,
    AssessmentQuerySet,
    Certainty,
    HazardKind,
    Severity,
    Urgency,
)

__all__ = [
    "Assessment", "AssessmentQuerySet", "Certainty", "HazardKind", "Severity", "Urgency",
]  # fmt: skip
