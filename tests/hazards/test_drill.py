"""What a drill says afterwards, and the recording it plays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from apps.hazards.core.drill import Issue, Truth, report, written
from citizen.demo.floods.recording import NoRecording, around_peak, read
from tests.support.samples import sample_path

NOON = datetime(2008, 7, 1, 12, tzinfo=UTC)
LEVELS = [("attention", 1.0), ("alarm", 3.0), ("serious", 9.0)]


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


TRUTH = [Truth(at(n), float(n)) for n in range(6)]


def test_what_was_said_before_is_ahead_and_after_is_late() -> None:
    issues = [Issue("forecast", "alarm", at(0.5)), Issue("level", "attention", at(1.25))]

    lines = {(line.level, line.said_by): line for line in report(TRUTH, LEVELS, issues)}

    assert lines["alarm", "forecast"].ahead == timedelta(hours=2.5)
    assert lines["attention", "level"].ahead == timedelta(hours=-0.25)
    assert "2.5 h ahead" in written(list(lines.values()))
    assert "0.2 h late" in written(list(lines.values()))


def test_a_miss_and_a_false_alarm_are_told_apart() -> None:
    lines = report(TRUTH, LEVELS, [Issue("forecast", "serious", at(1))])

    verdicts = {line.level: line.verdict for line in lines}
    assert verdicts == {"attention": "missed", "alarm": "missed", "serious": "false alarm"}


def test_only_the_first_word_of_a_source_counts() -> None:
    issues = [Issue("level", "alarm", at(4)), Issue("level", "alarm", at(3.5))]

    (line,) = report(TRUTH, LEVELS[1:2], issues)

    assert line.said_at == at(3.5)


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2\n", "time_utc,rain_mm_h,pet_mm_h,discharge_mm_h\nyesterday,1,1,1\n"]
)
def test_a_broken_recording_is_refused_with_the_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "flood.csv"
    path.write_text(text)

    with pytest.raises(NoRecording, match="flood"):
        read(path)


@pytest.mark.samples
def test_the_real_recording_has_its_largest_flood_in_the_last_year() -> None:
    hours = read(sample_path("alerts/rain_discharge_hourly_L0123003_2004_2008.csv.gz"))
    first, last = around_peak(hours, before=None, length=48)

    assert len(hours) == 43_848
    assert max(hour.discharge_mm for hour in hours[first:last]) == pytest.approx(5.0, abs=0.05)
