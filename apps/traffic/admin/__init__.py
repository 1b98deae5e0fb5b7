"""Staff's view of traffic."""

from apps.traffic.admin import commands, junctions, orders, traffic

__all__ = ["commands", "junctions", "orders", "traffic"]
