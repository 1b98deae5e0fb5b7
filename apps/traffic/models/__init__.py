"""Junctions and who commands them; links, how they flow, and what happens there."""

from apps.traffic.models.control import SignalCommand, SignalLease
from apps.traffic.models.incidents import Incident, JunctionWatch
from apps.traffic.models.junctions import Junction, JunctionState, SignalGroup
from apps.traffic.models.links import (
    Link,
    LinkNode,
    LinkSample,
    LinkSensor,
    LinkSlot,
    LinkState,
    SpeedModel,
)
from apps.traffic.models.orders import (
    JunctionMinute,
    PatternOrder,
    PriorityGrant,
    PriorityRequest,
    VehicleKind,
)
from apps.traffic.models.rhythms import SignalRhythm

__all__ = [
    "Incident",
    "Junction",
    "JunctionMinute",
    "JunctionState",
    "JunctionWatch",
    "Link",
    "LinkNode",
    "LinkSample",
    "LinkSensor",
    "LinkSlot",
    "LinkState",
    "PatternOrder",
    "PriorityGrant",
    "PriorityRequest",
    "SignalCommand",
    "SignalGroup",
    "SignalLease",
    "SignalRhythm",
    "SpeedModel",
    "VehicleKind",
]
