"""The lean door's operation as OpenAPI writes it; no view introspection sees it."""

from collections.abc import Sequence
from typing import Any


def nearby_operation(most: int, default: int, categories: Sequence[str]) -> dict[str, Any]:
    return {
        "operationId": "parking_nearby",
        "summary": "Where to park near a place, the best first, with reasons",
        "tags": ["parking"],
        "parameters": [
            _parameter("lat", "number", "where one wants to be, degrees", required=True),
            _parameter("lon", "number", "where one wants to be, degrees", required=True),
            _parameter("from_lat", "number", "where the car is; else the drive is left out"),
            _parameter("from_lon", "number", "where the car is"),
            _parameter("limit", "integer", f"1 to {most}, else {default}"),
            _parameter("category", "string", f"one of {', '.join(categories)}; else general"),
            _parameter("accessible", "boolean", "only accessible spaces"),
            _parameter("ev", "boolean", "only spaces with a charger"),
            _parameter("covered", "boolean", "only under a roof"),
            _parameter("height_m", "number", "height of the vehicle"),
            _parameter("max_m", "number", "no farther than this, in metres; else 5000"),
            _parameter("stay_min", "number", "minutes one means to stay; else 60"),
            _parameter("walk_kmh", "number", "how fast one walks, 1 to 8"),
            _parameter("order", "string", "cost (door to door, the default) or distance"),
        ],
        "responses": {
            "200": {
                "description": "The best first.",
                "content": {"application/json": {"schema": _ANSWER}},
            }
        },
    }


def _parameter(name: str, kind: str, text: str, *, required: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": text,
        "schema": {"type": kind},
    }


_INTEGER, _TEXT = {"type": "integer"}, {"type": "string"}
_NEARBY_FIELDS: dict[str, Any] = {
    "distance_m": _INTEGER | {"description": "on foot to where one wants to be, as the crow flies"},
    "drive_s": _INTEGER | {"description": "0 where the car's place is not known"},
    "walk_s": _INTEGER,
    "price": {"type": "integer", "nullable": True, "description": "of the stay, in minor units"},
    "currency": _TEXT,
    "chance": {"type": "number", "description": "of a free space on arrival, 0 to 1"},
    "chance_by": _TEXT | {"enum": ["forecast", "chain", "nothing"]},
    "cost_s": _INTEGER | {"description": "expected cost from the car to the door, in seconds"},
    "otherwise": {"type": "string", "nullable": True, "description": "where to go if it is full"},
    "reasons": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["code", "text"],
            "properties": {"code": _TEXT, "text": _TEXT},
        },
    },
}
_NEAR_SITE = {
    "allOf": [
        {"$ref": "#/components/schemas/Site"},
        {"type": "object", "required": sorted(_NEARBY_FIELDS), "properties": _NEARBY_FIELDS},
    ]
}
_ANSWER = {
    "type": "object",
    "required": ["sites"],
    "properties": {"sites": {"type": "array", "items": _NEAR_SITE}},
}
