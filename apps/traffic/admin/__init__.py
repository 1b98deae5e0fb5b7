"""Staff screens of traffic."""

from apps.traffic.admin import junctions

__all__ = ["junctions"]
