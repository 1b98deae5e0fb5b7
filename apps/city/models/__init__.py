"""The rows of the city. Other apps import them from here."""

from apps.city.models.city import CalendarDay, City, DayKind, founded, the_city
from apps.city.models.geometry import METRES, Metres, MetresApart, metres_field, metres_of
from apps.city.models.imports import ImportRun
from apps.city.models.map import MapShape
from apps.city.models.obstructions import Obstruction, ObstructionQuerySet
from apps.city.models.osm import OsmNode, OsmRelation, OsmWay
from apps.city.models.places import (
    Address,
    District,
    Known,
    KnownQuerySet,
    Place,
    SearchEntry,
    Street,
)

__all__ = [
    "METRES", "Address", "CalendarDay", "City", "DayKind", "District", "ImportRun", "Known",
    "KnownQuerySet", "MapShape", "Metres", "MetresApart", "Obstruction", "ObstructionQuerySet",
    "OsmNode", "OsmRelation", "OsmWay", "Place", "SearchEntry", "Street", "founded",
    "metres_field", "metres_of", "the_city",
]  # fmt: skip
