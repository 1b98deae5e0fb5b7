"""Junctions, what they show, and who commands them."""

from apps.traffic.models.control import SignalCommand, SignalLease
from apps.traffic.models.junctions import Junction, JunctionState, SignalGroup
from apps.traffic.models.rhythms import SignalRhythm

__all__ = [
    "Junction",
    "JunctionState",
    "SignalCommand",
    "SignalGroup",
    "SignalLease",
    "SignalRhythm",
]
