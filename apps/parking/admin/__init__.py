"""Staff's view of parking."""

from apps.parking.admin import sites

__all__ = ["sites"]
