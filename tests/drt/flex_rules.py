"""A checker of GTFS-Flex feeds, written from the reference and sharing nothing with the writer.

`faults(zip bytes)` names every rule broken: presence, keys, and what `stop_times.txt` and
`booking_rules.txt` may say together.
"""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

Row = dict[str, str]
REQUIRED = {
    "agency.txt": ("agency_name", "agency_url", "agency_timezone"),
    "routes.txt": ("route_id", "route_type"),
    "stops.txt": ("stop_id", "stop_name", "stop_lat", "stop_lon"),
    "trips.txt": ("route_id", "service_id", "trip_id"),
    "stop_times.txt": ("trip_id", "stop_sequence"),
    "calendar.txt": ("service_id", "monday", "sunday", "start_date", "end_date"),
    "location_groups.txt": ("location_group_id",),
    "location_group_stops.txt": ("location_group_id", "stop_id"),
    "booking_rules.txt": ("booking_rule_id", "booking_type"),
    "feed_info.txt": ("feed_publisher_name", "feed_publisher_url", "feed_lang"),
}
FORBIDDEN_WITH_WINDOW = (
    "arrival_time", "departure_time", "continuous_pickup", "continuous_drop_off", "shape_dist",
)  # fmt: skip
TIME = re.compile(r"^\d{2,}:[0-5]\d:[0-5]\d$")
DATE = re.compile(r"^20\d{6}$")
BOOKING: dict[str, dict[str, tuple[str, ...]]] = {
    "0": {"forbidden": (
        "prior_notice_duration_min", "prior_notice_duration_max", "prior_notice_last_day",
        "prior_notice_last_time", "prior_notice_start_day", "prior_notice_start_time",
        "prior_notice_service_id"), "required": ()},
    "1": {"forbidden": ("prior_notice_last_day", "prior_notice_last_time",
                        "prior_notice_service_id"), "required": ("prior_notice_duration_min",)},
    "2": {"forbidden": ("prior_notice_duration_min", "prior_notice_duration_max"),
          "required": ("prior_notice_last_day", "prior_notice_last_time")},
}  # fmt: skip


def faults(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        texts = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    tables = {
        name: list(csv.DictReader(io.StringIO(text, newline="")))
        for name, text in texts.items()
        if name.endswith(".txt")
    }
    found = list(_presence(tables))
    if not found:
        found += [*_keys(tables), *_stop_times(tables), *_booking(tables), *_dates(tables)]
        found += _locations(tables, json.loads(texts["locations.geojson"]))
    return found


def _presence(tables: dict[str, list[Row]]) -> Iterator[str]:
    for name, columns in REQUIRED.items():
        if not tables.get(name):
            yield f"{name}: missing or empty"
            continue
        for column in columns:
            if any(not row.get(column) for row in tables[name]):
                yield f"{name}: {column} is required"


def _ids(tables: dict[str, list[Row]], name: str, column: str) -> set[str]:
    return {row[column] for row in tables[name]}


def _keys(tables: dict[str, list[Row]]) -> Iterator[str]:
    for name, column in (("stops.txt", "stop_id"), ("trips.txt", "trip_id"),
                         ("location_groups.txt", "location_group_id"),
                         ("booking_rules.txt", "booking_rule_id"), ("routes.txt", "route_id"),
                         ("calendar.txt", "service_id")):  # fmt: skip
        for value, count in Counter(row[column] for row in tables[name]).items():
            if count > 1:
                yield f"{name}: {value} stands twice"
    shared = _ids(tables, "stops.txt", "stop_id") & _ids(
        tables, "location_groups.txt", "location_group_id"
    )
    if shared:
        yield f"ids of stops and groups must differ: {shared}"
    for name, column, target, key in (
        ("trips.txt", "route_id", "routes.txt", "route_id"),
        ("trips.txt", "service_id", "calendar.txt", "service_id"),
        ("stop_times.txt", "trip_id", "trips.txt", "trip_id"),
        ("location_group_stops.txt", "stop_id", "stops.txt", "stop_id"),
        ("location_group_stops.txt", "location_group_id", "location_groups.txt",
         "location_group_id"),
    ):  # fmt: skip
        missing = _ids(tables, name, column) - _ids(tables, target, key)
        if missing:
            yield f"{name}: {column} {sorted(missing)} is not in {target}"


def _stop_times(tables: dict[str, list[Row]]) -> Iterator[str]:
    groups = _ids(tables, "location_groups.txt", "location_group_id")
    bookings = _ids(tables, "booking_rules.txt", "booking_rule_id")
    last: dict[str, int] = {}
    for row in tables["stop_times.txt"]:
        where = f"{row['trip_id']}/{row['stop_sequence']}"
        named = [c for c in ("stop_id", "location_group_id", "location_id") if row.get(c)]
        if len(named) != 1:
            yield f"{where}: exactly one of stop, group and location, not {named}"
        if row.get("location_group_id") and row["location_group_id"] not in groups:
            yield f"{where}: no such group"
        yield from _window(where, row)
        for column in ("pickup_booking_rule_id", "drop_off_booking_rule_id"):
            if row.get(column) and row[column] not in bookings:
                yield f"{where}: no such booking rule"
        if row.get("pickup_type") == "2" and not row.get("pickup_booking_rule_id"):
            yield f"{where}: who must book needs to know how"
        sequence = int(row["stop_sequence"])
        if sequence <= last.get(row["trip_id"], -1):
            yield f"{where}: stop_sequence must increase"
        last[row["trip_id"]] = sequence
    boards = Counter(r["trip_id"] for r in tables["stop_times.txt"] if r["pickup_type"] == "2")
    alights = Counter(r["trip_id"] for r in tables["stop_times.txt"] if r["drop_off_type"] == "2")
    for trip in last:
        if not boards[trip] or not alights[trip]:
            yield f"{trip}: nobody can ride"


def _window(where: str, row: Row) -> Iterator[str]:
    start, end = row["start_pickup_drop_off_window"], row["end_pickup_drop_off_window"]
    if not TIME.match(start) or not TIME.match(end) or not start < end:
        yield f"{where}: a window needs two times, the later last"
    for column in FORBIDDEN_WITH_WINDOW:
        if row.get(column):
            yield f"{where}: {column} is forbidden with a window"
    if row["pickup_type"] in ("0", "3") or row["drop_off_type"] == "0":
        yield f"{where}: a window allows only booked stops"


def _booking(tables: dict[str, list[Row]]) -> Iterator[str]:
    for row in tables["booking_rules.txt"]:
        terms = BOOKING[row["booking_type"]]
        for column in terms["required"]:
            if not row.get(column):
                yield f"{row['booking_rule_id']}: {column} is required"
        for column in terms["forbidden"]:
            if row.get(column):
                yield f"{row['booking_rule_id']}: {column} is forbidden"


def _dates(tables: dict[str, list[Row]]) -> Iterator[str]:
    for row in tables["calendar.txt"]:
        if not (DATE.match(row["start_date"]) and DATE.match(row["end_date"])):
            yield f"{row['service_id']}: dates are YYYYMMDD"
    seen: set[tuple[str, str]] = set()
    for row in tables.get("calendar_dates.txt", []):
        key = (row["service_id"], row["date"])
        if key in seen or row["exception_type"] not in ("1", "2"):
            yield f"{key}: said twice, or neither added nor removed"
        seen.add(key)


def _locations(tables: dict[str, list[Row]], told: dict[str, Any]) -> Iterator[str]:
    features = told["features"]
    taken = _ids(tables, "stops.txt", "stop_id") | _ids(
        tables, "location_groups.txt", "location_group_id"
    )
    for feature in features:
        if feature["id"] in taken:
            yield f"{feature['id']}: locations, groups and stops share one space of ids"
        if feature["geometry"]["type"] not in ("Polygon", "MultiPolygon"):
            yield f"{feature['id']}: a location is an area"
