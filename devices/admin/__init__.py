"""Staff's view of devices."""

from devices.admin import cameras, catalogue, gateways, health, linked, quarantine, sources

__all__ = ["cameras", "catalogue", "gateways", "health", "linked", "quarantine", "sources"]
