"""Staff's view of rides."""

from apps.drt.admin import fleet, rides, supply

__all__ = ["fleet", "rides", "supply"]
