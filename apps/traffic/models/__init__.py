"""Junctions, what they show, and who commands them."""

from apps.traffic.models.control import SignalCommand, SignalLease
from apps.traffic.models.junctions import Junction, JunctionState, SignalGroup

__all__ = ["Junction", "JunctionState", "SignalCommand", "SignalGroup", "SignalLease"]
