"""Adds the lean door's operations, written by hand beside their handlers, to OpenAPI."""

from typing import Any

from citizen.hot import ROUTES

_PROBLEM = {
    "description": "A problem document (RFC 9457).",
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "required": ["type", "title", "status"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "status": {"type": "integer"},
                    "detail": {"type": "string"},
                    "errors": {"type": "array", "items": {"type": "object"}},
                },
            }
        }
    },
}


_GATEWAY_KEY = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "`Gateway KEY`, with the key that staff gave the gateway.",
}


def add_hot_paths(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    paths = result.setdefault("paths", {})
    for route in ROUTES:
        operation = dict(route.operation)
        operation["responses"] = {**operation["responses"], "default": _PROBLEM}
        paths.setdefault(route.path, {})[route.method.lower()] = operation
    result["paths"] = dict(sorted(paths.items()))
    schemes = result.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes["GatewayKey"] = _GATEWAY_KEY
    return result
