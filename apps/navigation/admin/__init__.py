"""What staff see of navigation."""

from apps.navigation.admin import builds, lifts, reports

__all__ = ["builds", "lifts", "reports"]
