"""Staff's view of devices."""

from devices.admin import catalogue, gateways, health, linked, quarantine, sources

__all__ = ["catalogue", "gateways", "health", "linked", "quarantine", "sources"]
