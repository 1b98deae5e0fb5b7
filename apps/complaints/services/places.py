"""Where a report lies: within the jurisdiction, with its address and district."""

from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.base import names
from apps.base.geo import WGS84
from apps.base.problems import Invalid, Problem
from apps.city.models import City, metres_of, the_city
from apps.city.selectors.search import SURE, Here, Wanted, search, whats_at
from apps.complaints.models import Jurisdiction


class OutsideJurisdiction(Problem):
    slug, status = "outside-jurisdiction", 400
    title = _("This place lies outside the city's area.")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as a request keeps it; all empty where nothing is known."""

    geom: Point | None = None
    geom_m: Any = None
    address: str = ""
    zipcode: str = ""
    district_code: str = ""


def locate(*, lon: float | None, lat: float | None, address: str = "", zipcode: str = "") -> Spot:
    """Find out what can be known of a place given as a point, as words, or as both.

    Raises:
        OutsideJurisdiction: the point is not ours.
        Invalid: only one of the two coordinates.
    """
    if (lon is None) != (lat is None):
        raise Invalid(errors={"lat": _("Latitude and longitude belong together.")})
    city = the_city()
    if lon is None or lat is None:
        return _by_words(address, zipcode, city)
    check_jurisdiction(lon, lat, city)
    return _at(lon, lat, address, zipcode, city)


def check_jurisdiction(lon: float, lat: float, city: City) -> None:
    """Raises OutsideJurisdiction."""
    ours = Jurisdiction.objects.filter(pk=Jurisdiction.THE_ONE).only("area").first()
    inside = -180 <= lon <= 180 and -90 <= lat <= 90 and city.covers(lon, lat)
    if inside and ours is not None and ours.area is not None:
        inside = ours.area.covers(Point(lon, lat, srid=WGS84))
    if not inside:
        raise OutsideJurisdiction(errors={"lat": _("This place lies outside the city's area.")})


def _at(lon: float, lat: float, address: str, zipcode: str, city: City) -> Spot:
    point = Point(lon, lat, srid=WGS84)
    here = whats_at(lon, lat, box=city.box)
    return Spot(
        geom=point,
        geom_m=metres_of(point, srid=city.srid),
        address=address or _written(here),
        zipcode=zipcode or str((here.address or {}).get("postcode") or ""),
        district_code=str((here.district or {}).get("code") or ""),
    )


def _written(here: Here) -> str:
    """The address, else the street, else the nearest place, in the language asked in."""
    language = (get_language() or "").split("-")[0]
    address, street = here.address or {}, here.street or {}
    if address.get("number"):
        named = names.pick(address.get("names") or street.get("names") or {}, language)
        return f"{named} {address['number']}".strip()
    return names.pick(street.get("names") or (here.place or {}).get("names") or {}, language)


def _by_words(address: str, zipcode: str, city: City) -> Spot:
    """Words alone: a point only where the geocoder is sure of it."""
    if not address:
        return Spot(zipcode=zipcode)
    found = search(Wanted(text=address[:120], box=city.box, limit=1)) if address.strip() else []
    if found and found[0].score >= SURE:
        return _at(found[0].lon, found[0].lat, address, zipcode, city)
    return Spot(address=address, zipcode=zipcode)
