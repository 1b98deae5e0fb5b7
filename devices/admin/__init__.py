"""Staff's view of devices."""

from devices.admin import catalogue, gateways, health, quarantine, sources

__all__ = ["catalogue", "gateways", "health", "quarantine", "sources"]
