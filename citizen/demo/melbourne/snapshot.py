"""The City of Melbourne's snapshot of its bay sensors: what each said last, and when.

Columns: lastupdated; status_timestamp (when it last changed); zone_number; status_description
(Present or Unoccupied); kerbsideid; location (latitude, longitude).
"""

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


class NoSnapshot(ValueError):
    """The file is none; the message says why."""


@dataclass(frozen=True, slots=True)
class Sensor:
    bay: str
    zone: str
    lat: float
    lon: float
    occupied: bool
    heard_at: datetime
    changed_at: datetime


def read(path: Path) -> list[Sensor]:
    """Sensors with a zone, each once. Raises OSError, NoSnapshot."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    try:
        found = {row["kerbsideid"]: _sensor(row) for row in rows if row["zone_number"]}
    except (KeyError, ValueError) as error:
        raise NoSnapshot(f"{path.name} is no snapshot of bay sensors: {error}") from error
    if not found:
        raise NoSnapshot(f"{path.name} has no sensors.")
    return list(found.values())


def _sensor(row: dict[str, str]) -> Sensor:
    lat, lon = row["location"].split(",")
    return Sensor(
        bay=row["kerbsideid"],
        zone=row["zone_number"],
        lat=float(lat),
        lon=float(lon),
        occupied=row["status_description"] == "Present",
        heard_at=datetime.fromisoformat(row["lastupdated"]),
        changed_at=datetime.fromisoformat(row["status_timestamp"]),
    )


def taken_at(sensors: list[Sensor]) -> datetime:
    """The snapshot's own instant: that of the newest word in it."""
    return max(sensor.heard_at for sensor in sensors)
