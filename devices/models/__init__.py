from devices.models.cameras import (
    BayPatch,
    Camera,
    CameraEvent,
    CameraState,
    CameraTuning,
    CameraZone,
    ZoneStream,
)
from devices.models.catalogue import (
    Catalogue,
    Datastream,
    Gateway,
    GatewayKey,
    ObservedProperty,
    Sensor,
    Thing,
)
from devices.models.controllers import SignalController
from devices.models.health import Alarm
from devices.models.links import LinkedSource
from devices.models.observations import LastObservation, Observation
from devices.models.quarantine import Quarantine
from devices.models.rollups import DailyRollup, HourlyRollup, HourToSum
from devices.models.sources import PullSource

__all__ = [
    "Alarm",
    "BayPatch",
    "Camera",
    "CameraEvent",
    "CameraState",
    "CameraTuning",
    "CameraZone",
    "Catalogue",
    "DailyRollup",
    "Datastream",
    "Gateway",
    "GatewayKey",
    "HourToSum",
    "HourlyRollup",
    "LastObservation",
    "LinkedSource",
    "Observation",
    "ObservedProperty",
    "PullSource",
    "Quarantine",
    "Sensor",
    "SignalController",
    "Thing",
    "ZoneStream",
]
