"""Lists of devices to set up, as CSV or GeoJSON: one row a datastream, or a thing with none yet.

Columns or properties: `thing` (GeoJSON: or the feature's id), `name`, `name:ko`, `name:en` …,
`description`, `height_m`, `datastream`, `observed_property`, `unit`, `expected_interval_s`, `low`,
`high`, `stuck_after_s`; CSV places things by `lat` and `lon`. Every further column is kept as a
property of the thing. Rows that name the same thing give it several datastreams.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _

from apps.base.lists import BadRow, RowError, cells_of, number, raw_rows
from apps.base.names import from_tags
from devices.services.provisioning import DatastreamPlan, ThingPlan

LONGEST_S = 366 * 86_400
_OWN_COLUMNS = {
    "thing", "reference", "name", "description", "height_m", "lat", "lon", "datastream",
    "observed_property", "unit", "expected_interval_s", "low", "high", "stuck_after_s",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlannedRow:
    row: int
    plan: ThingPlan


def read_plans(path: Path) -> Iterator[PlannedRow | RowError]:
    """Plans and errors in the file's order. Raises UnreadableList."""
    seen: set[str] = set()
    for place, raw in enumerate(raw_rows(path), start=1):
        try:
            plan = _read_row(raw)
            for stream in plan.datastreams:
                if stream.code in seen:
                    raise BadRow(_("The datastream %s came before.") % stream.code)
                seen.add(stream.code)
            yield PlannedRow(place, plan)
        except BadRow as error:
            yield RowError(place, str(error))


def _read_row(raw: Mapping[str, Any]) -> ThingPlan:
    cells = cells_of(raw)
    code = cells.get("thing") or cells.get("reference", "")
    if not code:
        raise BadRow(_("The thing is missing."))
    _check_code(code, "thing")
    lon, lat = _place(raw, cells)
    return ThingPlan(
        code=code,
        names=from_tags(cells) or {"": code},
        lon=lon,
        lat=lat,
        height_m=_optional(cells, "height_m", -500, 9_000),
        description=cells.get("description", ""),
        datastreams=_datastreams(cells),
        properties={
            key: value
            for key, value in cells.items()
            if key not in _OWN_COLUMNS and not key.startswith("name:")
        },
    )


def _check_code(code: str, column: str) -> None:
    try:
        validate_slug(code)
    except ValidationError as error:
        raise BadRow(_("%s: letters, digits, - and _ only.") % column) from error
    if len(code) > 80:
        raise BadRow(_("%s is longer than 80 characters.") % column)


def _place(raw: Mapping[str, Any], cells: Mapping[str, str]) -> tuple[float | None, float | None]:
    if raw.get("geometry"):
        match raw["geometry"]:
            case {"type": "Point", "coordinates": [lon, lat, *_more]}:
                cells = {"lon": str(lon), "lat": str(lat)}
            case _other:
                raise BadRow(_("A thing stands at a Point."))
    elif ("lat" in cells) != ("lon" in cells):
        raise BadRow(_("lat and lon belong together."))
    return _optional(cells, "lon", -180, 180), _optional(cells, "lat", -90, 90)


def _datastreams(cells: Mapping[str, str]) -> tuple[DatastreamPlan, ...]:
    code = cells.get("datastream", "")
    if not code:
        return ()
    if len(code) > 80:
        raise BadRow(_("%s is longer than 80 characters.") % "datastream")
    return (
        DatastreamPlan(
            code=code,
            observed_property=cells.get("observed_property", ""),
            unit=cells.get("unit", ""),
            expected_interval_s=_seconds(cells, "expected_interval_s"),
            stuck_after_s=_seconds(cells, "stuck_after_s"),
            low=_optional(cells, "low", -inf, inf),
            high=_optional(cells, "high", -inf, inf),
        ),
    )


def _seconds(cells: Mapping[str, str], name: str) -> int | None:
    found = _optional(cells, name, 1, LONGEST_S)
    return None if found is None else int(found)


def _optional(cells: Mapping[str, str], name: str, low: float, high: float) -> float | None:
    return number(cells, name, 0, low, high) if name in cells else None
