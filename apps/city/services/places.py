"""The city's own places and districts: from lists, and one by one by staff."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.base import clock
from apps.base.lists import RowError, UnreadableList
from apps.base.problems import Invalid
from apps.city.importers.own_lists import ListedRow, read_list
from apps.city.importers.search_entries import REFRESH_DISTRICTS, REFRESH_PLACES
from apps.city.models import City, District, ImportRun, Place, metres_of, the_city
from apps.city.services.founding import change_map

MAP_SOURCE = "osm"

_PLACE_IN_DISTRICT = """
    UPDATE city_place place SET district_id = (
        SELECT d.id FROM city_district d
        WHERE d.gone_at IS NULL AND ST_Covers(d.geom, ST_PointOnSurface(place.geom))
        ORDER BY d.level DESC, d.id LIMIT 1
    ) WHERE {which}
"""


def import_list(
    *, path: Path, source: str, districts: bool = False, replace: bool = False
) -> ImportRun:
    """Take in a list of places or districts: good rows enter, the others are reported.

    `replace` marks those of the source gone that the list no longer has.

    Raises:
        UnreadableList: the file is no CSV or GeoJSON; nothing changed.
        Invalid: the map's own source name was used.
    """
    if source == MAP_SOURCE:
        raise Invalid(errors={"source": _("This name is kept for the map.")})
    run = ImportRun.objects.create(
        kind=ImportRun.Kind.PLACES, source=f"{source}: {path.name}", started_at=clock.now()
    )
    try:
        rows, errors = _sorted_out(read_list(path, districts=districts), the_city())
        with transaction.atomic():
            if districts:
                keep_districts(source=source, rows=rows)
            else:
                keep_places(source=source, rows=rows)
            gone = _let_go(source, rows, districts=districts) if replace else 0
        run.state = ImportRun.State.DONE
        run.counts = {"rows": len(rows), "gone": gone}
        run.errors = [error.as_dict() for error in errors]
    except UnreadableList as error:
        run.state, run.errors = ImportRun.State.FAILED, [{"reason": str(error)}]
        raise
    finally:
        run.ended_at = clock.now()
        run.save(update_fields=["state", "counts", "errors", "ended_at"])
    return run


def _sorted_out(
    found: Iterable[ListedRow | RowError], city: City
) -> tuple[list[ListedRow], list[RowError]]:
    rows: list[ListedRow] = []
    errors: list[RowError] = []
    for number, one in enumerate(found, start=1):
        if isinstance(one, RowError):
            errors.append(one)
        elif city.covers(one.geom.centroid.x, one.geom.centroid.y):
            rows.append(one)
        else:
            errors.append(RowError(number, _("This lies outside the city.")))
    return rows, errors


@transaction.atomic
def keep_places(*, source: str, rows: Sequence[ListedRow]) -> list[int]:
    """Insert or update places of one source; findable and on the map at once."""
    srid = the_city().srid
    kept = Place.objects.bulk_create(
        [
            Place(
                code=_code(source, row.reference),
                source=source,
                reference=row.reference,
                names=row.names,
                other_names=row.other_names,
                kind=row.kind,
                geom=row.geom,
                geom_m=metres_of(row.geom, srid=srid),
                address=row.address,
                details=row.details,
                weight=row.weight,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["source", "reference"],
        update_fields=[
            "names", "other_names", "kind", "geom", "geom_m", "address", "details", "weight",
            "gone_at",
        ],
    )  # fmt: skip
    ids = [place.pk for place in kept]
    _refresh([_PLACE_IN_DISTRICT.format(which="id = ANY(%(ids)s)"), *REFRESH_PLACES], ids)
    return ids


@transaction.atomic
def keep_districts(*, source: str, rows: Sequence[ListedRow]) -> list[int]:
    """Insert or update districts of one source; all places find their district anew."""
    srid = the_city().srid
    kept = District.objects.bulk_create(
        [
            District(
                code=_code(source, row.reference),
                source=source,
                reference=row.reference,
                names=row.names,
                other_names=row.other_names,
                level=row.level,
                geom=_multi(row.geom),
                geom_m=metres_of(_multi(row.geom), srid=srid),
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["source", "reference"],
        update_fields=["names", "other_names", "level", "geom", "geom_m", "gone_at"],
    )
    ids = [district.pk for district in kept]
    _refresh([_PLACE_IN_DISTRICT.format(which="gone_at IS NULL"), *REFRESH_DISTRICTS], ids)
    return ids


@transaction.atomic
def remove_place(*, place: Place) -> None:
    """Let a place go; what points to it keeps its name."""
    Place.objects.filter(pk=place.pk).update(gone_at=clock.now())
    _refresh(REFRESH_PLACES, [place.pk])


def _let_go(source: str, rows: Sequence[ListedRow], *, districts: bool) -> int:
    listed = [row.reference for row in rows]
    if districts:
        return District.objects.filter(source=source, gone_at=None).exclude(
            reference__in=listed
        ).update(gone_at=clock.now())  # fmt: skip
    gone = Place.objects.filter(source=source, gone_at=None).exclude(reference__in=listed)
    ids = list(gone.values_list("pk", flat=True))
    Place.objects.filter(pk__in=ids).update(gone_at=clock.now())
    _refresh(REFRESH_PLACES, ids)
    return len(ids)


def _refresh(statements: Iterable[str], ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {"ids": list(ids)})
    change_map()


def _code(source: str, reference: str) -> str:
    """A public code that says where the row comes from, fits an address and is never shared."""
    plain = slugify(reference)
    if plain != reference or len(plain) > 30:  # letters were lost: two might become the same
        plain = f"{plain[:20]}{hashlib.sha256(reference.encode()).hexdigest()[:8]}"
    return f"{slugify(source)[:25]}-{plain}"


def _multi(geom: GEOSGeometry) -> MultiPolygon:
    if isinstance(geom, MultiPolygon):
        return geom
    assert isinstance(geom, Polygon), "read_list lets nothing else pass"
    return MultiPolygon(geom, srid=geom.srid)
