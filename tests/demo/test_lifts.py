"""The demo town's lifts: working until somebody breaks them, and said so at once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from citizen.demo.movement.lifts import LiftController, State, read_states, set_state
from citizen.demo.movement.watchers import Mouth

NOW = datetime(2026, 11, 22, 3, 0, 20, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Seoul")


def test_a_controller_says_on_its_beat_that_the_lift_works() -> None:
    mouth = Mouth([LiftController("LIFT-A", 60, states=dict)])
    words = mouth.news(NOW, ZONE)
    assert [(w.result, w.at) for w in words] == [(1, NOW.replace(second=0))]
    mouth.said(words)
    assert mouth.news(NOW + timedelta(seconds=10), ZONE) == []


def test_it_says_at_once_that_the_lift_failed_and_that_it_was_mended(tmp_path: Path) -> None:
    path = tmp_path / "lifts.json"
    mouth = Mouth([LiftController("LIFT-A", 60, states=lambda: read_states(path))])
    mouth.said(mouth.news(NOW, ZONE))
    for works, after_s in ((False, 5), (True, 9)):
        at = NOW + timedelta(seconds=after_s)
        set_state("LIFT-A", State(works, at), path)
        words = mouth.news(at, ZONE)
        assert [(w.result, w.at) for w in words] == [(int(works), at)]
        mouth.said(words)
        assert mouth.news(at + timedelta(seconds=1), ZONE) == []
