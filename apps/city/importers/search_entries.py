"""What the geocoder searches, written from what has a name.

Each name in each language is one entry, old and popular names too. A quarter of lot-number
addresses that is no place of its own gets one entry at its middle.
"""

# ruff: noqa: S608 - statements are composed of our own constants; values travel as parameters

_TEXTS = """
    CROSS JOIN LATERAL (
        SELECT key AS language, value AS text FROM jsonb_each_text(t.names)
        UNION SELECT 'other', other FROM unnest(t.other_names) other
    ) said
    CROSS JOIN LATERAL (SELECT city_search_key(said.text) AS key) k
"""


def _insert(target: str, table: str, weight: str, *, where: str = "true") -> str:
    return f"""
        INSERT INTO city_searchentry (target, target_id, language, key, weight, geom_m)
        SELECT DISTINCT ON (t.id, k.key)
               '{target}', t.id, left(said.language, 12), k.key, {weight},
               ST_PointOnSurface(t.geom_m)
        FROM {table} t {_TEXTS}
        WHERE t.gone_at IS NULL AND k.key <> '' AND {where}
        ORDER BY t.id, k.key, said.language
    """


_PLACE = ("place", "city_place", "t.weight")

_DISTRICT = ("district", "city_district", "least(0.95, 0.5 + t.level * 0.04)")

_QUARTERS = """
    INSERT INTO city_searchentry (target, target_id, language, key, weight, geom_m)
    SELECT 'quarter', min(a.id), '', a.area_key, 0.4, ST_Centroid(ST_Collect(a.geom_m))
    FROM city_address a WHERE a.street_id IS NULL AND a.area_key <> '' GROUP BY a.area_key
"""

REFRESH_ALL = (
    "DELETE FROM city_searchentry",
    _insert(*_DISTRICT),
    _insert("street", "city_street", "0.6 - t.rank * 0.03"),
    _insert(*_PLACE),
    _QUARTERS,
)

REFRESH_PLACES = (
    "DELETE FROM city_searchentry WHERE target = 'place' AND target_id = ANY(%(ids)s)",
    _insert(*_PLACE, where="t.id = ANY(%(ids)s)"),
)

REFRESH_DISTRICTS = (
    "DELETE FROM city_searchentry WHERE target = 'district' AND target_id = ANY(%(ids)s)",
    _insert(*_DISTRICT, where="t.id = ANY(%(ids)s)"),
)
