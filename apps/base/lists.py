"""Lists that people hand in, as CSV or GeoJSON: their rows, and what is wrong with one.

CSV may come in UTF-8 or, as Korean offices write it, in CP949.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

_ENCODINGS = ("utf-8-sig", "cp949")


@dataclass(frozen=True, slots=True)
class RowError:
    row: int
    reason: str

    def as_dict(self) -> dict[str, Any]:
        return {"place": f"row {self.row}", "reason": self.reason}


class UnreadableList(Exception):
    """The file as a whole is no CSV or GeoJSON."""


class BadRow(Exception):
    """One row cannot be taken; the message says why."""


def raw_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Rows as they stand; of GeoJSON the properties, with `reference` and `geometry`.

    Raises UnreadableList.
    """
    text = _read(path)
    if path.suffix.lower() in {".json", ".geojson"}:
        yield from _features(text)
    else:
        yield from _csv_rows(text)


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableList(str(error)) from error
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableList(_("The file is neither UTF-8 nor CP949."))


def _csv_rows(text: str) -> Iterator[dict[str, Any]]:
    try:
        yield from csv.DictReader(io.StringIO(text, newline=""))
    except csv.Error as error:
        raise UnreadableList(str(error)) from error


def _features(text: str) -> Iterator[dict[str, Any]]:
    try:
        features = json.loads(text)["features"]
    except (ValueError, TypeError, KeyError) as error:
        raise UnreadableList(_("This is no GeoJSON FeatureCollection.")) from error
    for feature in features if isinstance(features, list) else [None]:
        if not isinstance(feature, dict):
            raise UnreadableList(_("This is no GeoJSON FeatureCollection."))
        properties = feature.get("properties") or {}
        id_ = feature.get("id", properties.get("reference", ""))
        yield {**properties, "reference": str(id_), "geometry": feature.get("geometry")}


def cells_of(raw: Mapping[str, Any]) -> dict[str, str]:
    """What is written in a row, as text without blanks around it; empty cells are left out."""
    return {
        key.strip(): str(value).strip()
        for key, value in raw.items()
        if key and key != "geometry" and str(value if value is not None else "").strip()
    }


def number(cells: Mapping[str, str], name: str, default: float, low: float, high: float) -> float:
    """The number in a cell. Raises BadRow for none, or for one out of bounds."""
    try:
        found = float(cells.get(name, default))
    except ValueError as error:
        raise BadRow(_("%s is not a number.") % name) from error
    if not low <= found <= high:
        raise BadRow(
            _("%(name)s lies outside %(low)s … %(high)s.")
            % {"name": name, "low": f"{low:.9g}", "high": f"{high:.9g}"}
        )
    return found
