"""Staff's view of devices."""

from devices.admin import catalogue, gateways, health, quarantine

__all__ = ["catalogue", "gateways", "health", "quarantine"]
