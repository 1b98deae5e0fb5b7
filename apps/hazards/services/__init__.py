"""What sensors' analyses and other apps ask of the inbox."""

from apps.hazards.services.assessments import (
    Finding,
    assess,
    dismiss_assessment,
    end_assessment,
    mark_alerted,
    take_assessment,
)

__all__ = [
    "Finding", "assess", "dismiss_assessment", "end_assessment", "mark_alerted", "take_assessment",
]  # fmt: skip
