"""The walk: rain falls on the hills above Dalbit; the gauge has barely moved when the inbox says
what is coming, with the curve, the bands and the streets that would be wet."""

from datetime import timedelta
from pathlib import Path

import pytest

from apps.base import clock, work
from apps.base.clock import Hand
from apps.city.models import the_city
from apps.hazards.models import Assessment, Reach, Station, Structure
from apps.hazards.selectors.water import wet_now, what_if
from apps.hazards.services.structures import analyse_structures
from citizen.demo import happenings
from citizen.demo.models import Happening
from citizen.demo.movement.nature import nature_by_gateway
from citizen.demo.movement.watchers import Mouth
from citizen.demo.seed import gateway_keys
from citizen.demo.seed.hazards import seed_hazards
from citizen.demo.world.town import SEED, Town, build_town
from devices.ingest.accept import accept
from devices.ingest.speaker import known_as
from devices.protocols.batch import read_rows
from tests.devices.conftest import found_city


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town(SEED)


@pytest.fixture
def dalbit(
    town: Town, hand: Hand, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Town:
    monkeypatch.setattr(gateway_keys, "KEY_FILE", tmp_path / "keys.json")
    monkeypatch.setattr("citizen.demo.seed.hazards.RECORD_DAYS", 100)  # enough, and quicker
    found_city()
    seed_hazards(town)
    return town


def live(hand: Hand, minutes: int, *, every: int = 10) -> None:
    """Let time pass, as the simulated devices tell it."""
    zone = the_city().zone
    gateways = ("GW-WATER", "GW-HERITAGE", "GW-FIRE")
    nature = nature_by_gateway(gateways, happenings.Happenings(timedelta()), seed=SEED)
    mouths = {code: Mouth(watchers) for code, watchers in nature.items()}
    for _ in range(0, minutes, every):
        hand.move(timedelta(minutes=every))
        for code, mouth in mouths.items():
            words = mouth.news(clock.now(), zone)
            mouth.said(words)
            for start in range(0, len(words), 5_000):
                rows = [word.as_row() for word in words[start : start + 5_000]]
                accept(read_rows(rows), known_as(code))
        work.sweep()


def test_a_storm_is_in_the_inbox_before_the_river_rises(dalbit: Town, hand: Hand) -> None:
    live(hand, 60, every=20)
    assert not Assessment.objects.open().exists(), "a quiet Sunday"
    quiet = Station.objects.get(code="STAGE-DALBIT").state
    assert quiet.flag == "good"
    assert quiet.probability is not None
    assert quiet.probability < 0.2

    happenings.start(Happening.Kind.STORM, hours=3, mm=180)
    live(hand, 30)

    row = Assessment.objects.open().get(source="hazards.forecast", reference="STAGE-DALBIT")
    state = Station.objects.get(code="STAGE-DALBIT").state
    assert state.level == "", "the gauge has barely moved"
    assert row.probability is not None
    assert row.probability > 0.5
    titles = {fact["title"] for fact in row.evidence}
    assert len(titles) >= 6
    assert row.geom.area > 0
    bands = {feature["properties"]["band"] for feature in wet_now()["features"]}
    assert {"p10", "p50", "p90"} <= bands

    live(hand, 150)

    observed = Assessment.objects.open().get(source="hazards.level", reference="STAGE-DALBIT")
    assert observed.certainty == "Observed"


def test_more_water_wets_more(dalbit: Town) -> None:
    station = Station.objects.get(code="STAGE-DALBIT")
    areas = [
        sum(feature["properties"]["area_m2"] for feature in what_if(station, stage)["features"])
        for stage in (0.5, 2.0, 4.0, 5.5)
    ]

    assert Reach.objects.filter(built_at=None).count() == 0
    assert areas == sorted(areas)
    assert areas[0] < areas[-1]


def test_two_smoke_detectors_at_the_market_agree(dalbit: Town, hand: Hand) -> None:
    live(hand, 2, every=1)
    assert not Assessment.objects.open().exists()

    happenings.start(Happening.Kind.FIRE)
    live(hand, 3, every=1)

    (row,) = Assessment.objects.open()
    assert (row.kind, row.certainty) == ("smoke", "Observed")


def test_the_old_school_is_heard_and_nothing_is_made_of_it(dalbit: Town, hand: Hand) -> None:
    live(hand, 13, every=1)
    assert analyse_structures() >= 1

    school = Structure.objects.get()
    window = school.windows.order_by("-at")[0]
    assert window.flaw == ""
    assert window.velocity_mm_s
    assert all(window.frequencies_hz)
    assert school.concern == ""
