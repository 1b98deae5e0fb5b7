"""Founding the city: the one row that says where everything is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib.gis.geos import Point, Polygon
from django.db import transaction
from django.utils.translation import gettext as _

from apps.base.models import CurrentTransaction
from apps.base.problems import Conflict
from apps.city.events import map_changed, on_commit
from apps.city.models import City, Metres, Obstruction, Place, founded

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Founding:
    """What a city is told about itself; `srid` None takes the UTM zone of its centre."""

    code: str
    names: Mapping[str, str]
    time_zone: str = "UTC"
    country: str = "KR"
    languages: Sequence[str] = ("ko", "en")
    srid: int | None = None
    attribution: str = ""
    centre: tuple[float, float] | None = field(default=None)


@transaction.atomic
def found_city(founding: Founding, *, box: Box) -> City:
    """Write the City row for `box` (west, south, east, north in degrees).

    Raises:
        Conflict: this deployment has its city already.
        ValidationError: a time zone or SRID that does not exist.
    """
    if founded().exists():
        raise Conflict(_("This deployment already serves a city."))
    lon, lat = founding.centre or ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    city = City(
        code=founding.code,
        names=dict(founding.names),
        srid=founding.srid or utm_srid(lon, lat),
        time_zone=founding.time_zone,
        country=founding.country,
        languages=list(founding.languages),
        bounds=Polygon.from_bbox(box),
        centre=Point(lon, lat),
        attribution=founding.attribution,
    )
    city.full_clean(exclude=["bounds", "centre"], validate_constraints=False)
    city.clean()
    city.save(force_insert=True)
    return city


def utm_srid(lon: float, lat: float) -> int:
    """EPSG code of the Universal Transverse Mercator zone (without the Norwegian exceptions)."""
    zone = min(60, int((lon + 180) // 6) + 1)
    return (32600 if lat >= 0 else 32700) + zone


@transaction.atomic
def move_city(*, box: Box) -> None:
    """Give the city other bounds, its centre in their middle."""
    middle = Point((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    founded().update(bounds=Polygon.from_bbox(box), centre=middle)


@transaction.atomic
def measure_again() -> None:
    """Project what is kept in metres anew, after the city changed its SRID."""
    Place.objects.update(geom_m=Metres("geom"))
    Obstruction.objects.update(geom_m=Metres("geom"), **Obstruction.touched())


def change_map() -> None:
    """Say that something on the tiles changed: clients and caches ask for them again."""
    founded().update(map_version=CurrentTransaction())
    on_commit(map_changed)
