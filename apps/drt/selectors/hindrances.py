"""What is in the way of vehicles now, as one short word: it changes when the ways do."""

from hashlib import blake2b

from django.db.models import Q

from apps.base import clock
from apps.city.models import Obstruction
from apps.city.selectors.obstructions import active_at

STOPS_VEHICLES = ["car", "bus"]
STOPS_EVERYTHING = (
    Obstruction.Kind.FLOOD,
    Obstruction.Kind.CLOSURE,
    Obstruction.Kind.COLLAPSE,
)


def in_the_way() -> str:
    """A digest of all obstructions of vehicles that hold now, empty where there is none."""
    matters = Q(stops__overlap=STOPS_VEHICLES) | Q(kind__in=STOPS_EVERYTHING)
    rows = active_at(clock.now()).filter(matters).order_by("pk")
    known = ";".join(f"{pk}:{version}" for pk, version in rows.values_list("pk", "version"))
    return blake2b(known.encode(), digest_size=16).hexdigest() if known else ""
