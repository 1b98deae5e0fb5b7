"""What staff see of hazards."""

from apps.hazards.admin import assessments

__all__ = ["assessments"]
