"""A corner of a town, imported from a file written by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from apps.city import cache
from apps.city.models import ImportRun
from apps.city.services.founding import Founding
from apps.city.services.map_imports import import_map

CORNER = Path(__file__).parent / "fixtures" / "corner.osm"
DALBIT = Founding(
    code="dalbit",
    names={"": "달빛", "en": "Dalbit"},
    time_zone="Asia/Seoul",
    country="KR",
    srid=5186,
)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """What the city says is compared in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def corner(db: None) -> ImportRun:
    """The city of Dalbit, made of the corner."""
    return import_map(path=CORNER, founding=DALBIT)


@pytest.fixture
def committed_corner(transactional_db: None) -> Iterator[ImportRun]:
    """The same, committed, for doors that read through connections of their own."""
    cache.forget()
    yield import_map(path=CORNER, founding=DALBIT)
    cache.forget()
