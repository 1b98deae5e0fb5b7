"""Fills the scratch database: 20,000 sites with 200,000 bays, a quarter of the sites full."""

import os
import random
import sys

import django

SITES, BAYS_EACH = 20_000, 10
WEST, SOUTH, EAST, NORTH = 127.0, 37.3, 127.4, 37.6

_FILL = f"""
INSERT INTO parking_parkingsite (code, names, kind, geom, geom_m, approximate, address, operator,
                                 covered, max_height_m, opening_hours, closed, source,
                                 siting, price_grade, plate_rule, created_at)
SELECT 'site-' || n, jsonb_build_object('', '주차장 ' || n, 'en', 'Car park ' || n), 'lot', point,
       city_metres(point), false, '', '', n % 4 = 0, CASE WHEN n % 5 = 0 THEN 2.1 END, '', false,
       'bench', '', '', '', now()
FROM (
    SELECT n, ST_SetSRID(ST_MakePoint({WEST} + {EAST - WEST} * random(),
                                      {SOUTH} + {NORTH - SOUTH} * random()), 4326) AS point
    FROM generate_series(1, {SITES}) AS n
) AS place;
INSERT INTO parking_capacitypool (site_id, category, total)
SELECT id, 'general', {BAYS_EACH} FROM parking_parkingsite;
INSERT INTO parking_capacitypool (site_id, category, total)
SELECT id, 'accessible', 2 FROM parking_parkingsite WHERE id % 3 = 0;
INSERT INTO parking_bay (pool_id, code, geom, geom_m, connector)
SELECT pool.id, 'bay-' || pool.id || '-' || n, site.geom, site.geom_m, ''
FROM parking_capacitypool AS pool JOIN parking_parkingsite AS site ON site.id = pool.site_id,
     generate_series(1, {BAYS_EACH}) AS n WHERE pool.category = 'general';
INSERT INTO parking_poolstate (pool_id, occupied, quality, flaw, source, observed_at, fresh_until,
                               anchor_occupied, confidence, gate_error)
SELECT id, CASE WHEN random() < 0.25 THEN total ELSE floor(random() * total) END, 'live', '',
       'count', now(), now() + interval '1 day', 0, 0.95, 0.002 FROM parking_capacitypool;
INSERT INTO parking_pooloutlook (pool_id, made_at, minutes, expected, low, high, prices)
SELECT state.pool_id, now() + interval '1 hour', ARRAY[0, 15, 30, 45, 60, 90, 120, 180],
       array_fill(share, ARRAY[8]),
       ARRAY[share, share - .02, share - .04, share - .05, share - .06, share - .08, share - .1,
             share - .12],
       ARRAY[share, share + .02, share + .04, share + .05, share + .06, share + .08, share + .1,
             share + .12],
       jsonb_build_object('currency', 'KRW', '60', 100 * (state.pool_id % 40))
FROM (SELECT pool_id, occupied::float8 / pool.total AS share FROM parking_poolstate
      JOIN parking_capacitypool AS pool ON pool.id = pool_id) AS state;
INSERT INTO parking_sitelive (site_id, version, changed_in) SELECT id, 1, 1
FROM parking_parkingsite;
"""  # noqa: S608


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "citizen.settings"
    django.setup()
    from django.contrib.gis.geos import Point, Polygon
    from django.core.management import call_command
    from django.db import connection, transaction

    from apps.city.models import City

    call_command("migrate", verbosity=0, stdout=sys.stderr)
    with transaction.atomic(), connection.cursor() as cursor:
        City.objects.create(
            code="bench", names={"en": "Bench"}, srid=5186, time_zone="Asia/Seoul", country="KR",
            languages=["en"], bounds=Polygon.from_bbox((WEST, SOUTH, EAST, NORTH)),
            centre=Point((WEST + EAST) / 2, (SOUTH + NORTH) / 2),
        )  # fmt: skip
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(_FILL)
    connection.connect()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def somewhere(chance: random.Random) -> tuple[float, float]:
    """(lon, lat) within the town."""
    return chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)


if __name__ == "__main__":
    main()
