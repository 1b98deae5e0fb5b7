"""From a reading to the inbox, without any model."""

from datetime import timedelta
from typing import Any

import pytest

from apps.base import clock
from apps.base.clock import Hand
from apps.city.models import Obstruction
from apps.hazards.models import Assessment, HourlyValue, QualityNote, Station
from apps.hazards.services.watching import watch_silence
from apps.hazards.snapshot import HOUR
from tests.hazards.conftest import Valley


def rise(valley: Valley, hand: Hand, *levels: float, every_s: float = 600) -> None:
    for level in levels:
        valley.say(("stage.bridge", level))
        hand.move(timedelta(seconds=every_s))


def test_a_river_over_its_alarm_level_is_in_the_inbox(valley: Valley, hand: Hand) -> None:
    rise(valley, hand, 1.0, 1.9, 2.7, 3.7)

    (row,) = valley.inbox()

    assert (row.kind, row.severity, row.certainty) == ("flood", "Severe", "Observed")
    assert row.reference == "BRIDGE"
    assert row.evidence[0]["value"] == 3.7
    assert any("hydrograph" in fact.get("link", "") for fact in row.evidence)


def test_it_grows_with_the_water_and_ends_with_it(valley: Valley, hand: Hand) -> None:
    rise(valley, hand, 1.0, 1.9)
    assert valley.inbox()[0].severity == "Minor"
    rise(valley, hand, 2.8, 3.8, 4.6)
    assert valley.inbox()[0].severity == "Extreme"
    rise(valley, hand, 3.6, 2.4, 1.6)

    assert valley.inbox() == []
    assert Assessment.objects.get().state == Assessment.State.OVER


def test_a_reading_that_changes_nothing_tells_the_inbox_nothing(valley: Valley, hand: Hand) -> None:
    rise(valley, hand, 1.0, 1.9, 1.91, 1.92)

    assert valley.inbox()[0].revision == 1


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        (250.0, "unit"),  # centimetres
        (-40.0, "range"),
    ],
)
def test_what_cannot_be_is_flagged_and_explained_and_no_alert(
    valley: Valley, hand: Hand, said: float, cause: str
) -> None:
    for n in range(6):
        valley.say(("stage.bridge", said + n if cause == "unit" else said))
        hand.move(timedelta(minutes=10))

    state = valley.state("BRIDGE")
    assert (state.flag, state.cause, state.level) == ("bad", cause, "")
    assert QualityNote.objects.open().get().cause == cause
    assert valley.inbox() == []


def test_a_spike_is_for_people_to_judge(valley: Valley, hand: Hand) -> None:
    rise(valley, hand, 1.0, 1.0, 4.5)

    (row,) = valley.inbox()

    assert (row.severity, row.certainty) == ("Minor", "Possible")
    assert valley.state("BRIDGE").cause == "step"


def test_a_moved_zero_is_noticed(valley: Valley, hand: Hand) -> None:
    rise(valley, hand, *(1.0 + 0.001 * n for n in range(13)), *(1.9 + 0.001 * n for n in range(13)))

    assert valley.state("BRIDGE").cause == "datum"
    assert all(row.certainty == "Possible" for row in valley.inbox())


def test_a_sensor_that_repeats_itself_while_it_rains_is_not_believed(
    valley: Valley, hand: Hand
) -> None:
    for n in range(45):
        valley.say(("stage.bridge", 1.9), ("rain.summit", 2.0), ("stage.mill", 1.0 + 0.03 * n))
        hand.move(timedelta(minutes=10))

    state = valley.state("BRIDGE")

    assert (state.flag, state.cause) == ("suspect", "flat")


def test_a_quiet_river_may_stand_still(valley: Valley, hand: Hand) -> None:
    rise(valley, hand, *([0.8] * 45))

    assert valley.state("BRIDGE").flag == "good"


def test_silence_is_not_zero(valley: Valley, hand: Hand) -> None:
    rise(valley, hand, 1.0, 1.9)
    hand.move(timedelta(hours=1))

    assert watch_silence() == 1
    state = valley.state("BRIDGE")
    assert (state.flag, state.cause, state.value) == ("missing", "silent", 1.9)
    assert len(valley.inbox()) == 1, "silence is no all-clear"
    valley.say(("stage.bridge", 2.0))
    assert valley.state("BRIDGE").flag == "good"
    assert not QualityNote.objects.open().exists()


def test_water_in_an_underpass_without_rain_stays_with_staff(valley: Valley, hand: Hand) -> None:
    valley.say(("rain.east", 0.0, 600), ("depth.underpass", 12))

    (row,) = valley.inbox()
    assert (row.kind, row.severity, row.certainty) == ("surface_water", "Minor", "Possible")
    assert not Obstruction.objects.filter(state="confirmed").exists()


def test_water_in_an_underpass_after_a_downpour_closes_it(valley: Valley, hand: Hand) -> None:
    for _ in range(6):
        valley.say(("rain.east", 8.0))
        hand.move(timedelta(minutes=10))
    valley.say(("depth.underpass", 35))

    (row,) = valley.inbox()
    assert (row.severity, row.certainty, round(row.depth_m or 0, 3)) == ("Severe", "Observed", 0.35)
    obstruction = Obstruction.objects.get(reference="byeolbit")
    assert (obstruction.kind, round(obstruction.depth_m or 0, 3), obstruction.state) == (
        "flood", 0.35, "confirmed",
    )  # fmt: skip
    hand.move(timedelta(minutes=20))
    valley.say(("depth.underpass", 1))
    assert Obstruction.objects.get(reference="byeolbit").state == "closed"
    assert valley.inbox() == []


def test_hours_are_kept_as_sums_of_rain_and_means_of_levels(valley: Valley, hand: Hand) -> None:
    for n in range(7):
        valley.say(("rain.summit", 1.5), ("stage.bridge", 1.0 + 0.1 * n))
        hand.move(timedelta(minutes=10))

    hours = dict(
        HourlyValue.objects.filter(station__code="RAIN-SUMMIT").values_list("hour_at", "value")
    )
    noon = max(hours)
    assert hours[noon] == pytest.approx(9.0)
    assert hours[noon - HOUR] == pytest.approx(1.5), "an interval is stamped with its end"


def test_a_failing_forecast_holds_nothing_up(
    valley: Valley, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("apps.hazards.services.forecasts.forecast_stations", broken)
    rise(valley, hand, 1.0, 1.9, 2.7)

    assert valley.inbox()[0].severity == "Moderate"


def test_one_batch_of_many_stations_asks_little_more_than_one_of_few(
    valley: Valley, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(16):
        valley.say(("stage.bridge", 1.0), ("stage.mill", 1.0), ("rain.east", 0.0), then=False)


def test_a_retired_station_is_not_watched(valley: Valley, hand: Hand) -> None:
    Station.objects.filter(code="BRIDGE").update(retired_at="2026-11-01T00:00Z")
    rise(valley, hand, 1.0, 4.0)

    assert valley.inbox() == []


def test_rain_of_a_wrong_clock_explains_once_it_is_put_right(valley: Valley, hand: Hand) -> None:
    QualityNote.objects.create(
        station=valley.station("RAIN-EAST"), cause="clock", flag="suspect", detail={"lag_h": 9},
        began_at=clock.now(),
    )  # fmt: skip
    for minutes in range(0, 60, 10):
        valley.say(("rain.east", 8.0, 9 * 3600 + minutes * 60))

    valley.say(("depth.underpass", 35))

    assert valley.inbox()[0].certainty == "Observed"
    assert valley.state("RAIN-EAST").cause == "clock"
