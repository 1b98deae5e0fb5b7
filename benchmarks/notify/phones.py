"""Registrations by the hundred thousand, in cells of a square city."""

import numpy as np
from django.contrib.gis.geos import Point, Polygon
from django.db import connection

from apps.city.models import City
from apps.notify.core import cells

CENTRE = (127.26, 37.43)
WEST, SOUTH, EAST, NORTH = 127.10, 37.30, 127.42, 37.56

_PHONES = """
    INSERT INTO notify_registration (code, secret_hash, platform, transport, address, address_hash,
        locale, cell, cell_at, muted, created_at, seen_at, ended_because)
    SELECT gen_random_uuid(), '', 'android', 'fcm', 'ok-' || n, md5(n::text),
           CASE WHEN n %% 5 = 0 THEN 'en' ELSE 'ko' END, cell, now(), '{}', now(), now(), ''
    FROM unnest(%s::bigint[], %s::bigint[]) AS t(n, cell)
"""
_PLACES = """
    INSERT INTO notify_savedplace (code, registration_id, label, cell, coarse_cell, lon, lat,
        created_at)
    SELECT gen_random_uuid(), n, '', 0, cell, lon, lat, now()
    FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::float8[]) AS t(n, cell, lon, lat)
"""


def found_city() -> None:
    City.objects.create(
        code="bench", names={"en": "Bench"}, srid=5186, time_zone="Asia/Seoul", country="KR",
        languages=["ko", "en"], bounds=Polygon.from_bbox((WEST, SOUTH, EAST, NORTH)),
        centre=Point(*CENTRE),
    )  # fmt: skip


def positions(count: int, *, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Where people are: most around some centres, the rest anywhere."""
    chance = np.random.default_rng(seed)
    lon, lat = chance.uniform(WEST, EAST, count), chance.uniform(SOUTH, NORTH, count)
    return lon, lat


def fill_phones(count: int, *, places: bool = False) -> None:
    """Phones in the order of their cells, as a table of a long-lived city is after CLUSTER."""
    lon, lat = positions(count)
    of_phone = _cells(lon, lat, cells.COARSE)
    order = np.argsort(of_phone, kind="stable")
    numbers = np.arange(1, count + 1)
    with connection.cursor() as cursor:
        for part in np.array_split(np.arange(count), max(count // 50_000, 1)):
            cursor.execute(_PHONES, [numbers[part].tolist(), of_phone[order][part].tolist()])
        if places:
            _fill_places(cursor, lon, lat)
        cursor.execute("VACUUM ANALYZE notify_registration")
        cursor.execute("VACUUM ANALYZE notify_savedplace")


def _fill_places(cursor: object, lon: np.ndarray, lat: np.ndarray) -> None:
    index = _cells(lon, lat, cells.PLACE_INDEX)
    order = np.argsort(index, kind="stable")
    numbers = np.arange(1, len(lon) + 1)
    for part in np.array_split(order, max(len(lon) // 50_000, 1)):
        columns = [numbers[part], index[part], lon[part], lat[part]]
        cursor.execute(_PLACES, [column.tolist() for column in columns])  # type: ignore[attr-defined]


def _cells(lon: np.ndarray, lat: np.ndarray, resolution: int) -> np.ndarray:
    pairs = zip(lon.tolist(), lat.tolist(), strict=True)
    return np.array([cells.cell_at(a, b, resolution) for a, b in pairs], dtype=np.int64)
