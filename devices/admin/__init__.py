"""Staff's view of devices."""

from devices.admin import catalogue, gateways, quarantine

__all__ = ["catalogue", "gateways", "quarantine"]
