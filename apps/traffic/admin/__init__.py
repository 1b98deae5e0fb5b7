"""Staff's view of traffic."""

from apps.traffic.admin import junctions, orders, traffic

__all__ = ["junctions", "orders", "traffic"]
