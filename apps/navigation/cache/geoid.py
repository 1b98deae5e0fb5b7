"""The geoid that turns heights above the sea into heights above the ellipsoid."""

import logging
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from apps.navigation.core.geoid import Geoid, InvalidGeoid, read_gtx

logger = logging.getLogger(__name__)


def geoid() -> Geoid | None:
    """None where none is set up: heights above the ellipsoid are then left out, not guessed."""
    return _read(settings.GEOID)


@lru_cache(maxsize=2)
def _read(path: str) -> Geoid | None:
    if not path:
        return None
    try:
        return read_gtx(Path(path).read_bytes(), name=Path(path).stem.upper())
    except (OSError, InvalidGeoid) as error:
        logger.error("the geoid %s cannot be read: %s", path, error)
        return None
