"""The town, built once for all its tests."""

import pytest

from citizen.demo.world.town import Town, build_town
from tests.demo.walking import WalkingMap


@pytest.fixture(scope="session")
def town() -> Town:
    return build_town()


@pytest.fixture(scope="session")
def walking(town: Town) -> WalkingMap:
    return WalkingMap(town)
