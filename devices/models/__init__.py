from devices.models.catalogue import (
    Catalogue,
    Datastream,
    Gateway,
    GatewayKey,
    ObservedProperty,
    Sensor,
    Thing,
)
from devices.models.health import Alarm
from devices.models.observations import LastObservation, Observation
from devices.models.quarantine import Quarantine

__all__ = [
    "Alarm",
    "Catalogue",
    "Datastream",
    "Gateway",
    "GatewayKey",
    "LastObservation",
    "Observation",
    "ObservedProperty",
    "Quarantine",
    "Sensor",
    "Thing",
]
