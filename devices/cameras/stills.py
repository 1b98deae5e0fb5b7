"""Stills on demand, through Redis: whoever wants one says so, whoever looks sends it.

A still lives there for a few seconds and nowhere else. Losing one costs another click.
"""

from collections.abc import Sequence
from functools import lru_cache

import redis
from django.conf import settings

WANTED_S = 12
KEPT_S = 20


@lru_cache(maxsize=1)
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2)


def _key(part: str, camera_id: int) -> str:
    return f"citizen.camera.{part}.{settings.DATABASES['default']['NAME']}.{camera_id}"


def want(camera_id: int) -> None:
    """Ask for a new still."""
    _redis().delete(_key("still", camera_id))
    _redis().set(_key("want", camera_id), b"1", ex=WANTED_S)


def still_of(camera_id: int) -> bytes | None:
    """The JPEG that was asked for, if it is there yet."""
    found = _redis().get(_key("still", camera_id))
    assert found is None or isinstance(found, bytes)
    return found


def wanted(camera_ids: Sequence[int]) -> set[int]:
    """Whose stills are wanted now; each is told once."""
    if not camera_ids:
        return set()
    keys = [_key("want", one) for one in camera_ids]
    found = _redis().mget(keys)
    assert isinstance(found, list)
    asked = {one for one, said in zip(camera_ids, found, strict=True) if said}
    if asked:
        _redis().delete(*(_key("want", one) for one in asked))
    return asked


def hand_over(camera_id: int, still: bytes) -> None:
    _redis().set(_key("still", camera_id), still, ex=KEPT_S)
