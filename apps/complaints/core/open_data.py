"""The daily export's three formats, row by row alike: CSV, GeoJSON (RFC 7946), GeoParquet 1.1."""

import csv
import io
import json
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class OpenRow:
    """What everybody may know of a request: no words, no address, nobody. Places are rounded to
    about ten metres."""

    number: str
    service_code: str
    service_group: str
    status: str
    state: str
    channel: str
    district: str
    requested_at: datetime
    expected_at: datetime | None
    closed_at: datetime | None
    lon: float | None
    lat: float | None


COLUMNS = tuple(field.name for field in fields(OpenRow))
DECIMALS = 4


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def as_csv(rows: Sequence[OpenRow]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_plain(getattr(row, name)) for name in COLUMNS] for row in rows)
    return out.getvalue().encode()


def as_geojson(rows: Sequence[OpenRow]) -> bytes:
    features = [_feature(row) for row in rows]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _feature(row: OpenRow) -> dict[str, Any]:
    properties = {name: _plain(value) for name, value in asdict(row).items()}
    lon, lat = properties.pop("lon"), properties.pop("lat")
    place = None if lon is None else {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "id": row.number, "geometry": place, "properties": properties}


def as_parquet(rows: Sequence[OpenRow]) -> bytes:
    """GeoParquet 1.1: points as little-endian WKB, WGS84 by default."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    instant = pa.timestamp("ms", tz="UTC")
    kinds = {"requested_at": instant, "expected_at": instant, "closed_at": instant}
    names = [name for name in COLUMNS if name not in ("lon", "lat")]
    columns = {
        name: pa.array([getattr(row, name) for row in rows], kinds.get(name, pa.string()))
        for name in names
    }
    columns["geometry"] = pa.array([_wkb(row) for row in rows], pa.binary())
    geo = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}},
    }
    table = pa.table(columns).replace_schema_metadata({"geo": json.dumps(geo)})
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def _wkb(row: OpenRow) -> bytes | None:
    if row.lon is None or row.lat is None:
        return None
    return struct.pack("<BIdd", 1, 1, row.lon, row.lat)


WRITERS = {"csv": as_csv, "geojson": as_geojson, "parquet": as_parquet}
