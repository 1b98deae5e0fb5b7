"""The geocoder's statements. `%(lon)s, %(lat)s` is where the asker is, NULL if unknown.

A score lies in 0..1: how alike the texts are, then how near it is, then how much it weighs.
"""

# ruff: noqa: S608 - statements are composed of our own constants; values travel as parameters

TEXT_SHARE, NEAR_SHARE, WEIGHT_SHARE = 0.7, 0.2, 0.1
# Nearness falls to 1/e over this distance.
NEAR_M = 1500
# Weaker likenesses are noise.
MIN_LIKENESS = 0.3

_ASKER = """
    asker AS (
        SELECT city_metres(ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326)) AS at
    )
"""
_NEARNESS = f"coalesce(exp(-ST_Distance({{geom}}, (SELECT at FROM asker)) / {NEAR_M}), 0)"


def _likeness(text: str) -> str:
    """How alike an entry `e` and a text are: equal, begins so, contains so, or just similar."""
    return f"""
        CASE WHEN e.key = {text} THEN 1 ELSE greatest(
            similarity(e.key, {text}),
            0.85 * word_similarity({text}, e.key),
            CASE WHEN starts_with(e.key, {text})
                 THEN 0.75 + 0.2 * length({text}) / length(e.key) ELSE 0 END
        ) END
    """


def _alike(parameter: str, targets: str) -> str:
    """Entries that are like a text: `target, target_id, key, weight, geom_m, likeness`."""
    text = f"(SELECT city_search_key(%({parameter})s::text))"
    return f"""
        SELECT target, target_id, key, weight, geom_m, likeness FROM (
            SELECT e.*, {_likeness("q.key")} AS likeness
            FROM city_searchentry e, (SELECT city_search_key(%({parameter})s::text) AS key) q
            WHERE (e.key %% {text} OR {text} <%% e.key OR e.key LIKE {text} || '%%')
              AND e.target IN ({targets})
        ) scored WHERE likeness >= {MIN_LIKENESS}
    """


_DETAILS = """
    SELECT hit.target AS kind, hit.score, coalesce(p.code, s.code, d.code) AS code,
           coalesce(p.names, s.names, d.names) AS names, p.kind AS place_kind,
           coalesce(p.address, '') AS address, ST_X(at.geom) AS lon, ST_Y(at.geom) AS lat,
           ST_Distance(coalesce(p.geom_m, s.geom_m, d.geom_m), (SELECT at FROM asker))
               AS distance_m,
           around.code AS district_code, around.names AS district_names
    FROM hit
    LEFT JOIN city_place p ON hit.target = 'place' AND p.id = hit.target_id
    LEFT JOIN city_street s ON hit.target = 'street' AND s.id = hit.target_id
    LEFT JOIN city_district d ON hit.target = 'district' AND d.id = hit.target_id
    LEFT JOIN city_district around
           ON around.id = coalesce(p.district_id, s.district_id, d.parent_id)
    CROSS JOIN LATERAL (
        SELECT ST_PointOnSurface(coalesce(p.geom, s.geom, d.geom)) AS geom
    ) at
    WHERE at.geom IS NOT NULL
    ORDER BY hit.score DESC, hit.target_id
"""

BY_NAME = f"""
    WITH {_ASKER}, hit AS (
        SELECT target, target_id,
               max({TEXT_SHARE} * likeness + {WEIGHT_SHARE} * weight
                   + {NEAR_SHARE} * {_NEARNESS.format(geom="geom_m")}) AS score
        FROM ({_alike("text", "'place', 'street', 'district'")}) alike
        GROUP BY target, target_id ORDER BY score DESC LIMIT %(limit)s::int
    ) {_DETAILS}
"""

BY_KIND = f"""
    WITH {_ASKER}, hit AS (
        SELECT 'place' AS target, id AS target_id,
               0.55 + 0.35 * {_NEARNESS.format(geom="geom_m")} AS score
        FROM city_place WHERE kind = %(kind)s::text AND gone_at IS NULL
        ORDER BY geom_m <-> coalesce((SELECT at FROM asker),
                                     (SELECT city_metres(centre) FROM city_city))
        LIMIT %(limit)s::int
    ) {_DETAILS}
"""

# What is near a point: `%(near_lon)s, %(near_lat)s`; one kind or any, one text or any.
NEAR_POINT = f"""
    WITH {_ASKER}, around AS (
        SELECT city_metres(
            ST_SetSRID(ST_MakePoint(%(near_lon)s::float8, %(near_lat)s::float8), 4326)) AS at
    ), hit AS (
        SELECT 'place' AS target, id AS target_id,
               0.5 + 0.5 * exp(-ST_Distance(geom_m, (SELECT at FROM around)) / 400) AS score
        FROM city_place
        WHERE gone_at IS NULL AND ST_DWithin(geom_m, (SELECT at FROM around), %(within_m)s::float8)
          AND code <> %(but)s::text
          AND CASE WHEN %(kind)s::text <> '' THEN kind = %(kind)s::text
                   WHEN %(what)s::text <> '' THEN id IN (
                       SELECT target_id FROM ({_alike("what", "'place'")}) alike)
                   ELSE weight >= 0.2 AND names <> '{{}}' END
        ORDER BY geom_m <-> (SELECT at FROM around) LIMIT %(limit)s::int
    ) {_DETAILS}
"""

# House numbers of the areas a text may mean, the number itself or the nearest to it.
BY_NUMBER = f"""
    WITH {_ASKER}, area AS (
        SELECT target, target_id, key, likeness
        FROM ({_alike("area", "'place', 'street', 'district', 'quarter'")}) alike
        ORDER BY likeness DESC, weight DESC LIMIT 40
    ), known AS (
        SELECT a.*, area.likeness FROM area
        JOIN city_address a ON area.target = 'street' AND a.street_id = area.target_id
        UNION
        SELECT a.*, area.likeness FROM area JOIN city_address a ON a.area_key = area.key
    ), judged AS (
        SELECT *, CASE WHEN lower(number) = lower(%(number)s::text) THEN 0
                       ELSE 1 + abs(coalesce(substring(number FROM '^\\d{{1,6}}')::int, 99999)
                           - substring(%(number)s::text FROM '^\\d{{1,6}}')::int) END AS off_by
        FROM known
    )
    SELECT 'address' AS kind, names, number, off_by = 0 AS exact, postcode, ST_X(geom) AS lon,
           ST_Y(geom) AS lat, ST_Distance(geom_m, (SELECT at FROM asker)) AS distance_m, score,
           district_code, district_names
    FROM (
        SELECT DISTINCT ON (j.names, lower(j.number), j.district_id) j.*,
               {TEXT_SHARE} * likeness + {WEIGHT_SHARE}
               + {NEAR_SHARE} * {_NEARNESS.format(geom="j.geom_m")}
               - CASE WHEN off_by = 0 THEN 0 ELSE least(0.4, 0.05 + off_by * 0.01) END AS score,
               around.code AS district_code, around.names AS district_names
        FROM judged j LEFT JOIN city_district around ON around.id = j.district_id
        ORDER BY j.names, lower(j.number), j.district_id, j.likeness DESC
    ) one_each
    ORDER BY score DESC, off_by, reference LIMIT %(limit)s::int
"""

# Where streets meet: both named, or any street with the first.
_STREETS = """
    SELECT s.id, s.names, s.rank, s.geom, s.geom_m, s.district_id, max(alike.likeness) AS likeness
    FROM ({alike}) alike JOIN city_street s ON s.id = alike.target_id
    WHERE alike.likeness >= 0.5 GROUP BY s.id ORDER BY likeness DESC LIMIT 40
"""
MEETS_WITHIN_M = 15
CORNERS = f"""
    WITH {_ASKER},
    first AS ({_STREETS.format(alike=_alike("first", "'street'"))}),
    second AS ({_STREETS.format(alike=_alike("second", "'street'"))}),
    pair AS (
        SELECT f.names AS first_names, s.names AS second_names, f.district_id,
               ST_ClosestPoint(f.geom, s.geom) AS geom, (f.likeness + s.likeness) / 2 AS likeness
        FROM first f JOIN second s
          ON f.id <> s.id AND ST_DWithin(f.geom_m, s.geom_m, {MEETS_WITHIN_M})
    )
    SELECT 'corner' AS kind, first_names, second_names, ST_X(pair.geom) AS lon,
           ST_Y(pair.geom) AS lat, score, distance_m, around.code AS district_code,
           around.names AS district_names
    FROM (
        SELECT DISTINCT ON (ST_SnapToGrid(geom, 0.0002)) *,
               {TEXT_SHARE} * likeness + {WEIGHT_SHARE}
               + {NEAR_SHARE} * {_NEARNESS.format(geom="city_metres(geom)")} AS score,
               ST_Distance(city_metres(geom), (SELECT at FROM asker)) AS distance_m
        FROM pair ORDER BY ST_SnapToGrid(geom, 0.0002), likeness DESC
    ) pair LEFT JOIN city_district around ON around.id = pair.district_id
    ORDER BY score DESC, first_names, second_names LIMIT %(limit)s::int
"""
CORNERS_OF_ONE = f"""
    WITH {_ASKER},
    first AS ({_STREETS.format(alike=_alike("first", "'street'"))})
    SELECT 'corner' AS kind, f.names AS first_names, s.names AS second_names,
           ST_X(ST_ClosestPoint(f.geom, s.geom)) AS lon,
           ST_Y(ST_ClosestPoint(f.geom, s.geom)) AS lat,
           {TEXT_SHARE} * f.likeness - 0.02 * s.rank
           + {NEAR_SHARE} * {_NEARNESS.format(geom="ST_ClosestPoint(f.geom_m, s.geom_m)")} AS score,
           ST_Distance(ST_ClosestPoint(f.geom_m, s.geom_m), (SELECT at FROM asker)) AS distance_m,
           around.code AS district_code, around.names AS district_names
    FROM first f
    JOIN city_street s ON s.gone_at IS NULL AND s.id <> f.id
         AND s.names ->> '' <> f.names ->> '' AND s.rank < 7
         AND ST_DWithin(f.geom_m, s.geom_m, {MEETS_WITHIN_M})
    LEFT JOIN city_district around ON around.id = f.district_id
    WHERE f.likeness >= 0.7
    ORDER BY score DESC, s.id LIMIT %(limit)s::int
"""

# What is at a point: the nearest address, street and place, and the smallest district.
REVERSE = f"""
    WITH {_ASKER}
    SELECT address.*, street.*, place.*, district.*
    FROM asker
    LEFT JOIN LATERAL (
        SELECT names AS address_names, number, postcode, ST_X(geom) AS address_lon,
               ST_Y(geom) AS address_lat, ST_Distance(geom_m, asker.at) AS address_m
        FROM city_address WHERE ST_DWithin(geom_m, asker.at, 80)
        ORDER BY geom_m <-> asker.at LIMIT 1
    ) address ON true
    LEFT JOIN LATERAL (
        SELECT code AS street_code, names AS street_names,
               ST_Distance(geom_m, asker.at) AS street_m
        FROM city_street WHERE gone_at IS NULL AND ST_DWithin(geom_m, asker.at, 200)
        ORDER BY geom_m <-> asker.at LIMIT 1
    ) street ON true
    LEFT JOIN LATERAL (
        SELECT code AS place_code, names AS place_names, kind AS place_kind,
               ST_Distance(geom_m, asker.at) AS place_m
        FROM city_place
        WHERE gone_at IS NULL AND names <> '{{}}' AND ST_DWithin(geom_m, asker.at, 100)
        ORDER BY ST_Distance(geom_m, asker.at) - weight * 20 LIMIT 1
    ) place ON true
    LEFT JOIN LATERAL (
        SELECT code AS district_code, names AS district_names
        FROM city_district WHERE gone_at IS NULL AND ST_Covers(
            geom, ST_SetSRID(ST_MakePoint(%(lon)s::float8, %(lat)s::float8), 4326))
        ORDER BY level DESC LIMIT 1
    ) district ON true
"""
