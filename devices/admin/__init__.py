"""Staff's view of devices."""

from devices.admin import (
    camera_events,
    cameras,
    catalogue,
    gateways,
    health,
    linked,
    quarantine,
    sources,
)

__all__ = [
    "camera_events", "cameras", "catalogue", "gateways", "health", "linked", "quarantine",
    "sources",
]  # fmt: skip
