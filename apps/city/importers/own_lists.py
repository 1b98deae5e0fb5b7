"""The city's own lists of places or districts, as CSV or GeoJSON, row by row with what is wrong.

Columns or properties: `reference` (GeoJSON: or the feature's id), `name`, `name:ko`, `name:en` …,
`kind` (places), `level` (districts), `address`, `weight`, `other_names` (separated by `;`); CSV
places by `lat` and `lon`. Every further column is kept as a detail.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.gis.gdal import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry, Point
from django.utils.translation import gettext as _

from apps.base.lists import BadRow, RowError, cells_of, number, raw_rows
from apps.base.names import from_tags
from apps.city.core.kinds import BY_KIND

_OWN_COLUMNS = {
    "reference",
    "kind",
    "level",
    "lat",
    "lon",
    "address",
    "weight",
    "other_names",
    "name",
}


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One good row."""

    reference: str
    names: dict[str, str]
    geom: GEOSGeometry
    kind: str = ""
    level: int = 0
    address: str = ""
    weight: float = 0.5
    other_names: list[str] = field(default_factory=list)
    details: dict[str, str] = field(default_factory=dict)


def read_list(path: Path, *, districts: bool) -> Iterator[ListedRow | RowError]:
    """Good rows and errors in the file's order. Raises UnreadableList."""
    seen: set[str] = set()
    for place, raw in enumerate(raw_rows(path), start=1):
        try:
            row = _read_row(raw, districts=districts)
            if row.reference in seen:
                raise BadRow(_("The reference %s came before.") % row.reference)
            seen.add(row.reference)
            yield row
        except BadRow as error:
            yield RowError(place, str(error))


def _read_row(raw: Mapping[str, Any], *, districts: bool) -> ListedRow:
    cells = cells_of(raw)
    names = from_tags(cells)
    if not cells.get("reference"):
        raise BadRow(_("The reference is missing."))
    if not names:
        raise BadRow(_("The name is missing."))
    return ListedRow(
        reference=cells["reference"][:120],
        names=names,
        geom=_area(raw) if districts else _geometry(raw, cells),
        kind="" if districts else _kind(cells),
        level=int(number(cells, "level", 10, 1, 12)),
        address=cells.get("address", "")[:200],
        weight=number(cells, "weight", 0.5, 0, 1),
        other_names=[n.strip() for n in cells.get("other_names", "").split(";") if n.strip()],
        details={
            key: value
            for key, value in cells.items()
            if key not in _OWN_COLUMNS and not key.startswith("name:")
        },
    )


def _kind(cells: Mapping[str, str]) -> str:
    kind = cells.get("kind", "")
    if kind not in BY_KIND:
        raise BadRow(_("The kind %s is not known.") % (kind or "–"))
    return kind


def _geometry(raw: Mapping[str, Any], cells: Mapping[str, str]) -> GEOSGeometry:
    if raw.get("geometry"):
        return _from_geojson(raw["geometry"])
    if not (cells.get("lat") and cells.get("lon")):
        raise BadRow(_("lat and lon are missing."))
    return Point(number(cells, "lon", 0, -180, 180), number(cells, "lat", 0, -90, 90), srid=4326)


def _area(raw: Mapping[str, Any]) -> GEOSGeometry:
    geom = _from_geojson(raw.get("geometry"))
    if geom.geom_type not in {"Polygon", "MultiPolygon"}:
        raise BadRow(_("A district is a Polygon or MultiPolygon."))
    return geom


def _from_geojson(value: Any) -> GEOSGeometry:
    try:
        geom = GEOSGeometry(json.dumps(value), srid=4326)
    except (GEOSException, GDALException, ValueError, TypeError) as error:
        raise BadRow(_("The geometry cannot be read.")) from error
    if geom.empty or not geom.valid:
        raise BadRow(_("The geometry is empty or crosses itself."))
    return geom
