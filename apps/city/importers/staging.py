"""The tables an import fills: raw elements at their place, the rest in temporary tables first."""

RAW = {
    "city_osmnode": {"id": "int8", "lon_e7": "int4", "lat_e7": "int4", "tags": "jsonb"},
    "city_osmway": {"id": "int8", "node_ids": "int8[]", "tags": "jsonb", "geom": "geometry"},
    "city_osmrelation": {
        "id": "int8",
        "member_types": "text",
        "member_refs": "int8[]",
        "member_roles": "text[]",
        "tags": "jsonb",
    },
}

_NAMED = {"reference": "text", "names": "jsonb", "other_names": "text[]", "geom": "geometry"}

STAGED = {
    "stage_shape": {
        "layer": "text",
        "osm_id": "int8",
        "min_zoom": "int4",
        "properties": "jsonb",
        "geom": "geometry",
    },
    "stage_place": _NAMED
    | {"kind": "text", "weight": "float8", "details": "jsonb", "address": "text"},
    "stage_street": _NAMED | {"rank": "int4"},
    "stage_district": _NAMED | {"level": "int4"},
    "stage_address": {
        "reference": "text",
        "number": "text",
        "names": "jsonb",
        "on_street": "bool",
        "postcode": "text",
        "geom": "geometry",
    },
}

TABLES = RAW | STAGED


def create_staging() -> list[str]:
    """SQL that makes the temporary tables; they vanish with the transaction, and before it ends
    another import in it may have left its own."""
    return ["DROP TABLE IF EXISTS " + ", ".join([*STAGED, "stage_street_whole"])] + [
        f"CREATE TEMP TABLE {table} ("
        + ", ".join(f"{column} {kind}" for column, kind in columns.items())
        + ") ON COMMIT DROP"
        for table, columns in STAGED.items()
    ]
