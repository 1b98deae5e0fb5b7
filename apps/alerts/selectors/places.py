"""What an area is called, and how wide it is."""

from django.contrib.gis.geos import MultiPolygon

from apps.base.names import pick
from apps.city.models import District, metres_of, the_city

MOST_NAMES = 2


def area_names(area: MultiPolygon, languages: list[str]) -> dict[str, str]:
    """The districts it lies in, the smallest there are, by how much of it lies in each."""
    found = District.objects.current().filter(geom__intersects=area).order_by("-level")[:20]
    level = max((district.level for district in found), default=0)
    shares = [
        (district.geom.intersection(area).area, district)
        for district in found
        if district.level == level
    ]
    largest = [one for _share, one in sorted(shares, key=lambda pair: -pair[0])[:MOST_NAMES]]
    return {
        language: " · ".join(pick(district.names, language) for district in largest)
        for language in ["", *languages]
        if largest
    }


def area_km2(area: MultiPolygon) -> float:
    return float(metres_of(area, srid=the_city().srid).area) / 1e6
