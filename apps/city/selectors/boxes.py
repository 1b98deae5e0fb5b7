"""`bbox=west,south,east,north` in degrees, as OGC API Features writes it."""

from django.contrib.gis.geos import Polygon
from django.utils.translation import gettext as _

from apps.base.problems import Invalid


def read_box(text: str, *, field: str = "bbox") -> Polygon:
    """The box a query names. Raises Invalid."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Invalid(errors={field: _("Four numbers: west,south,east,north.")}) from error
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid(errors={field: _("west ≤ east and south ≤ north, in degrees.")})
    return Polygon.from_bbox((west, south, east, north))
