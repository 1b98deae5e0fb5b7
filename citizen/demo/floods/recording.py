"""A recorded flood: hours of rain, evaporation and discharge from a CSV."""

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

HOUR = timedelta(hours=1)
COLUMNS = ("time_utc", "rain_mm_h", "pet_mm_h", "discharge_mm_h")


class NoRecording(Exception):
    """The file is no such recording; the message says where."""


@dataclass(frozen=True, slots=True)
class Hour:
    """The hour that ends at `at`: what fell, what could evaporate, what flowed (mm)."""

    at: datetime
    rain_mm: float
    evaporation_mm: float
    discharge_mm: float


def read(path: Path) -> list[Hour]:
    """Raises NoRecording, OSError."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        if not set(COLUMNS) <= set(rows.fieldnames or ()):
            raise NoRecording(f"{path.name}: the columns {', '.join(COLUMNS)} are needed.")
        return [_hour(row, number, path.name) for number, row in enumerate(rows, start=2)]


def _hour(row: dict[str, str], line: int, name: str) -> Hour:
    try:
        at = datetime.fromisoformat(row["time_utc"]).replace(tzinfo=UTC) + HOUR
        return Hour(at, *(float(row[column]) for column in COLUMNS[1:]))
    except (TypeError, ValueError) as error:
        raise NoRecording(f"{name}, line {line}: {error}") from error


def around_peak(hours: Sequence[Hour], *, before: datetime | None, length: int) -> tuple[int, int]:
    """Rows of the largest flood (before an instant, if one is given), from two thirds of the length
    ahead of its peak on; never without a year behind it to learn from."""
    candidates = [n for n in range(24 * 500, len(hours)) if before is None or hours[n].at < before]
    if not candidates:
        raise NoRecording("There is no year before the flood to learn from.")
    peak = max(candidates, key=lambda n: hours[n].discharge_mm)
    first = max(peak - length * 2 // 3, 24 * 400)
    return first, min(first + length, len(hours))
