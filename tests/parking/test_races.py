"""Sensors of one street speaking at the same instant."""

from functools import partial

import pytest

from apps.base.clock import Hand
from tests.devices.test_races import at_once
from tests.parking.conftest import Town, set_up


@pytest.fixture
def open_town(hand: Hand, transactional_db: None) -> Town:
    return set_up()


def test_no_bay_is_lost_when_all_speak_at_once(open_town: Town) -> None:
    for ago_s, state in ((40, 0), (30, 0), (20, 0), (10, 1), (0, 0)):
        words = [(f"bay.{n}", state, ago_s) for n in range(3)]
        at_once(*(partial(open_town.say, word) for word in words))
        assert open_town.row("street")["free"] == (0 if state else 3)
