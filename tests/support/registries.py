"""Puts an implementer into a registry for the length of a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from apps.base.registry import Registry


@contextmanager
def registered(registry: Registry[Any], kind: str, path: str) -> Iterator[None]:
    paths, loaded = dict(registry._paths), dict(registry._loaded)
    registry._loaded.pop(kind, None)
    registry._paths[kind] = path
    try:
        yield
    finally:
        registry._paths, registry._loaded = paths, loaded


@contextmanager
def only(registry: Registry[Any]) -> Iterator[None]:
    """Nothing is registered but what the test registers itself."""
    paths, loaded = dict(registry._paths), dict(registry._loaded)
    registry._paths.clear()
    registry._loaded.clear()
    try:
        yield
    finally:
        registry._paths, registry._loaded = paths, loaded
