"""Staff's view of parking."""

from apps.parking.admin import reservations, sharing, sites, tariffs

__all__ = ["reservations", "sharing", "sites", "tariffs"]
