"""Fills the scratch database: a city with some requests, later a million, a quarter of them open."""

import os
import sys

import django

FEW, MANY = 20_000, 1_000_000
WEST, SOUTH, EAST, NORTH = 127.0, 37.3, 127.4, 37.6

_FILL = f"""
INSERT INTO complaints_servicerequest (code, number, service_id, state, status_notes, description,
    language, answers, geom, geom_m, address, address_id, zipcode, district_code, channel,
    department_id, priority, danger, is_public, routed_by, suggestions, media_urls, requested_at,
    updated_at, expected_at, closed_at)
SELECT gen_random_uuid(), '2025-' || lpad(n::text, 8, '0') || '-0', service.id,
       CASE WHEN n %% 4 = 0 THEN 'received' ELSE 'resolved' END, '',
       (ARRAY['보도 턱이 깨졌어요', '가로등이 꺼졌어요', '쓰레기가 쌓여 있습니다', '도로에 구멍이 났어요'])
           [1 + n %% 4] || ' ' || n, 'ko', '{{}}', point, city_metres(point), '', '', '', '', 'web',
       service.department_id, 2, '', true, 'citizen', '[]', '{{}}', asked,
       asked + interval '3 days', asked + interval '7 days',
       CASE WHEN n %% 4 = 0 THEN NULL ELSE asked + interval '3 days' END
FROM (
    SELECT n, ST_SetSRID(ST_MakePoint({WEST} + {EAST - WEST} * random(),
                                      {SOUTH} + {NORTH - SOUTH} * random()), 4326) AS point,
           now() - random() * interval '1000 days' AS asked
    FROM generate_series(%s, %s) AS n
) AS drawn
JOIN (
    SELECT id, department_id, row_number() OVER (ORDER BY id) - 1 AS place
    FROM complaints_service WHERE service_code IN ('pavement', 'streetlight', 'waste', 'pothole')
) AS service ON service.place = drawn.n %% 4;
"""  # noqa: S608


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "citizen.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, stdout=sys.stderr)
    _found()
    _file(1, FEW)


def grown() -> int:
    """File the others, too. Returns how many there are then; Django is set up."""
    _file(FEW + 1, MANY)
    return MANY


def _found() -> None:
    from django.contrib.gis.geos import Point, Polygon

    from apps.city.models import City
    from apps.complaints.services.standard_catalogue import bring_standard_catalogue

    City.objects.create(
        code="bench", names={"en": "Bench"}, srid=5186, time_zone="Asia/Seoul", country="KR",
        languages=["en"], bounds=Polygon.from_bbox((WEST, SOUTH, EAST, NORTH)),
        centre=Point((WEST + EAST) / 2, (SOUTH + NORTH) / 2),
    )  # fmt: skip
    bring_standard_catalogue()


def _file(first: int, last: int) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(_FILL, [first, last])
    connection.connect()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE complaints_servicerequest")


if __name__ == "__main__":
    main()
