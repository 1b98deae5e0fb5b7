"""Birmingham's car parks, autumn 2016, as recorded: duplicates and impossible values included.

File: "Parking Birmingham" of the UCI repository (Stolfi, Alba, Yao 2017), columns SystemCodeNumber,
Capacity, Occupancy, LastUpdated (local time). The hours are taken for the hours of our own city, so
that its morning is a morning.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

COLUMNS = ("SystemCodeNumber", "Capacity", "Occupancy", "LastUpdated")


class NoRecording(ValueError):
    """The file is not such a recording; the message names line and fault."""


@dataclass(frozen=True, slots=True)
class Reading:
    site: str
    capacity: int
    occupied: int
    at: datetime


def read(path: Path, *, zone: ZoneInfo, day_on: date | None = None) -> list[Reading]:
    """All readings, or one day's, in the order of time; the file's order where times are equal.

    Raises:
        NoRecording: a line cannot be understood, or nothing is left.
    """
    readings = [one for one in _lines(path, zone) if day_on is None or one.at.date() == day_on]
    if not readings:
        raise NoRecording(f"{path.name} has nothing for {day_on or 'any day'}.")
    return sorted(readings, key=lambda one: one.at)


def _lines(path: Path, zone: ZoneInfo) -> Iterator[Reading]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise NoRecording(f"{path.name}, line 1: the columns must be {', '.join(COLUMNS)}.")
        for row in rows:
            try:
                yield _reading(row, zone)
            except (ValueError, TypeError) as error:
                raise NoRecording(f"{path.name}, line {rows.line_num}: {error}") from error


def _reading(row: dict[str, str], zone: ZoneInfo) -> Reading:
    return Reading(
        site=slug(row["SystemCodeNumber"]),
        capacity=int(row["Capacity"]),
        occupied=int(row["Occupancy"]),
        at=datetime.fromisoformat(row["LastUpdated"]).replace(tzinfo=zone),
    )


def slug(code: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", code.lower()).strip("-")


def capacities(readings: list[Reading]) -> dict[str, int]:
    """The capacity each site gave most often, sites in the order of their codes."""
    given: dict[str, Counter[int]] = {}
    for one in readings:
        given.setdefault(one.site, Counter())[one.capacity] += 1
    return {site: given[site].most_common(1)[0][0] for site in sorted(given)}
