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
from apps.traffic.models.rhythms import SignalRhythm

__all__ = [
    "Incident",
    "Junction",
    "JunctionState",
    "JunctionWatch",
    "Link",
    "LinkNode",
    "LinkSample",
    "LinkSensor",
    "LinkSlot",
    "LinkState",
    "SignalCommand",
    "SignalGroup",
    "SignalLease",
    "SignalRhythm",
    "SpeedModel",
]
