"""Devices of the demo town that do not tell the truth, so that one can see what becomes of them.

The station tower's operator sends a count beside its gates; it has stood still for days. The sensor
of one bay in Haetsal Street died three weeks ago.
"""

from datetime import timedelta

STATION = "P-STATION"
OPERATORS_COUNT = f"{STATION}:operator"
FROZEN = {OPERATORS_COUNT: 61}
"""Datastream → what it always says."""

DEAD = frozenset({"P-HAETSAL-020"})
"""Datastreams whose device is dead, and since when."""
DEAD_FOR = timedelta(days=21)
