"""Staff's view of parking."""

from apps.parking.admin import forecasts, reservations, sharing, sites, tariffs, trust

__all__ = ["forecasts", "reservations", "sharing", "sites", "tariffs", "trust"]
