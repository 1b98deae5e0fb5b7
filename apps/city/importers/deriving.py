"""From staged rows to districts, streets, places, addresses and shapes: one set-based step each.

Named things are merged by `(source, reference)`: their rows stay, because others point to them;
what the map no longer knows is marked gone. Shapes and addresses are replaced.
"""

# ruff: noqa: S608 - statements are composed of our own constants; values travel as parameters

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from apps.city.importers.search_entries import REFRESH_ALL

SOURCE = "osm"

# Stretches of one name belong to one street when no gap between them is longer.
STREET_GAP_M = 150
# A shape is drawn from the zoom on which it measures this many pixels across.
SHAPE_PIXELS = 3


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    statements: tuple[str, ...]


def _merge(table: str, columns: dict[str, str], source: str) -> str:
    """Insert or update rows of a named thing: column → expression over `source`."""
    columns = columns | {"source": "%(source)s", "gone_at": "NULL"}
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "code")
    return f"""
        INSERT INTO {table} ({", ".join(columns)}) SELECT {", ".join(columns.values())}
        FROM {source} ON CONFLICT (source, reference) DO UPDATE SET {updates}
    """


def _mark_gone(table: str, staged: str) -> str:
    return f"""
        UPDATE {table} known SET gone_at = %(now)s
        WHERE source = %(source)s AND gone_at IS NULL
          AND NOT EXISTS (SELECT FROM {staged} s WHERE s.reference = known.reference)
    """


# The smallest district around a point `p`.
_DISTRICT_OF = """
    LEFT JOIN LATERAL (
        SELECT d.id FROM city_district d
        WHERE d.gone_at IS NULL AND ST_Covers(d.geom, p.at) ORDER BY d.level DESC, d.id LIMIT 1
    ) district ON true
"""

_NAMED = {
    "code": "left(s.reference, 1) || split_part(s.reference, '/', 2)",
    "reference": "s.reference",
    "names": "s.names",
    "other_names": "s.other_names",
}
_PLACED = {"geom": "s.geom", "geom_m": "city_metres(s.geom)", "district_id": "district.id"}


def _at(staged: str) -> str:
    """Staged rows `s`, each with a point `p.at` on it and the district around."""
    return f"""
        {staged} s CROSS JOIN LATERAL (SELECT ST_PointOnSurface(s.geom) AS at) p {_DISTRICT_OF}
    """


_DISTRICTS = Step(
    gettext_noop("Districts"),
    (
        _merge(
            "city_district",
            _NAMED
            | {
                "level": "s.level",
                "geom": "ST_Multi(s.geom)",
                "geom_m": "city_metres(ST_Multi(s.geom))",
            },
            "stage_district s",
        ),
        _mark_gone("city_district", "stage_district"),
        """
        UPDATE city_district inner_one SET parent_id = (
            SELECT d.id FROM city_district d
            WHERE d.gone_at IS NULL AND d.level < inner_one.level
              AND ST_Covers(d.geom, ST_PointOnSurface(inner_one.geom))
            ORDER BY d.level DESC, d.id LIMIT 1
        ) WHERE source = %(source)s AND gone_at IS NULL
        """,
    ),
)

_STREETS = Step(
    gettext_noop("Streets"),
    (
        """
        CREATE TEMP TABLE stage_street_whole ON COMMIT DROP AS
        SELECT min(reference) AS reference, min(rank) AS rank,
               (array_agg(names ORDER BY rank, ST_NPoints(geom) DESC, reference))[1] AS names,
               ARRAY(SELECT jsonb_array_elements_text((array_agg(
                   other_names ORDER BY rank, ST_NPoints(geom) DESC, reference))[1]
               )) AS other_names,
               ST_Multi(ST_LineMerge(ST_Collect(geom))) AS geom
        FROM (
            SELECT reference, rank, names, to_jsonb(other_names) AS other_names, geom,
                   ST_ClusterDBSCAN(city_metres(geom), %(street_gap_m)s, 1)
                       OVER (PARTITION BY names ->> '') AS piece
            FROM stage_street
        ) pieces GROUP BY names ->> '', piece
        """,
        "CREATE UNIQUE INDEX ON stage_street_whole (reference)",
        _merge("city_street", _NAMED | _PLACED | {"rank": "s.rank"}, _at("stage_street_whole")),
        _mark_gone("city_street", "stage_street_whole"),
    ),
)

_PLACES = Step(
    gettext_noop("Places"),
    (
        _merge(
            "city_place",
            _NAMED
            | _PLACED
            | {"kind": "s.kind", "weight": "s.weight", "details": "s.details"}
            | {"address": "s.address"},
            _at("stage_place"),
        ),
        _mark_gone("city_place", "stage_place"),
    ),
)

_ADDRESSES = Step(
    gettext_noop("Addresses"),
    (
        "DELETE FROM city_address WHERE source = %(source)s",
        f"""
        INSERT INTO city_address (number, names, area_key, postcode, geom, geom_m, source,
                                  reference, street_id, district_id)
        SELECT left(s.number, 40), s.names, city_search_key(s.names ->> ''), s.postcode, p.at,
               city_metres(p.at), %(source)s, s.reference || '#' || s.number, street.id,
               district.id
        FROM (SELECT DISTINCT ON (reference, number) * FROM stage_address
              WHERE names ? '' ORDER BY reference, number) s
        CROSS JOIN LATERAL (SELECT ST_PointOnSurface(s.geom) AS at) p
        {_DISTRICT_OF}
        LEFT JOIN LATERAL (
            SELECT c.id FROM city_street c
            WHERE s.on_street AND c.gone_at IS NULL AND c.names ->> '' = s.names ->> ''
            ORDER BY c.geom <-> p.at LIMIT 1
        ) street ON true
        """,
    ),
)

_SHAPES = Step(
    gettext_noop("Map shapes"),
    (
        "DELETE FROM city_mapshape",
        """
        INSERT INTO city_mapshape (layer, osm_id, min_zoom, properties, geom)
        SELECT layer, osm_id,
               CASE WHEN ST_Dimension(flat) < 2 THEN min_zoom
                    ELSE greatest(min_zoom, least(15, ceil(log(2.0,
                        (%(shape_pixels)s * 156543.0 / sqrt(greatest(ST_Area(flat), 1)))::numeric
                    ))))
               END, properties, flat
        FROM stage_shape, LATERAL (SELECT ST_Transform(geom, 3857) AS flat) f
        """,
    ),
)

_SEARCH = Step(gettext_noop("Search"), REFRESH_ALL)
_FINISH = Step(
    gettext_noop("Statistics"),
    tuple(
        f"ANALYZE city_{table}"
        for table in (
            "osmnode", "osmway", "osmrelation", "district", "street", "place", "address",
            "mapshape", "searchentry",
        )
    ),
)  # fmt: skip

STEPS = (_DISTRICTS, _STREETS, _PLACES, _ADDRESSES, _SHAPES, _SEARCH, _FINISH)
LABELS = [_(step.label) for step in STEPS]
