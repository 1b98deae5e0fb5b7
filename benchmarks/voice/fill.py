"""Fills the scratch database: a small city with districts, streets and what may be reported."""

import django


def main() -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from benchmarks.complaints.town import found_town

    found_town()
    _name_places()
    print("filled")


def _name_places() -> None:
    from django.contrib.gis.geos import LineString, MultiLineString, MultiPolygon, Polygon

    from apps.city.models import District, Street, metres_of, the_city

    srid = the_city().srid
    for at, (ko, en) in enumerate((("가람동", "Garam"), ("나루동", "Naru"), ("다솜동", "Dasom"))):
        west = 127.24 + at * 0.013
        area = MultiPolygon(Polygon.from_bbox((west, 37.42, west + 0.013, 37.44)), srid=4326)
        District.objects.create(
            code=f"d{at}", names={"": ko, "ko": ko, "en": en}, reference=f"d{at}", level=8,
            geom=area, geom_m=metres_of(area, srid=srid),
        )  # fmt: skip
    for at, (ko, en) in enumerate((("병원길", "Byeongwon-gil"), ("중앙로", "Jungang-ro"))):
        line = MultiLineString(
            LineString((127.245, 37.425 + at * 0.005), (127.275, 37.425 + at * 0.005)), srid=4326
        )
        Street.objects.create(
            code=f"s{at}", names={"": ko, "ko": ko, "en": en}, reference=f"s{at}", rank=5,
            geom=line, geom_m=metres_of(line, srid=srid),
        )  # fmt: skip


if __name__ == "__main__":
    main()
