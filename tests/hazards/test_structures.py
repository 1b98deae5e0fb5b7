"""Old walls: from samples to orders, by tables and by the ladder."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.contrib.gis.geos import Polygon

from apps.base import clock
from apps.base.clock import Hand
from apps.base.problems import Conflict, Invalid
from apps.hazards.core.din4150 import Line, Spot, guide_value
from apps.hazards.core.ladder import Rung, Signs, fall_radius_m, rung
from apps.hazards.core.listening import Channel, Flawed, hear
from apps.hazards.core.modal import decompose, modes
from apps.hazards.core.novelty import baseline_of, is_novel, learn
from apps.hazards.core.vibration import peaks
from apps.hazards.models import Assessment, InspectionOrder, Structure, StructureWindow
from apps.hazards.services.inspections import close_order
from apps.hazards.services.provisioning import (
    connect_structure_sensor,
    define_properties,
    provision_structure,
)
from apps.hazards.services.structure_baselines import learn_baseline
from apps.hazards.services.structures import analyse_structures
from devices.ingest.accept import accept
from devices.ingest.speaker import known_as
from devices.protocols.batch import read_rows
from devices.services.gateways import create_gateway
from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing
from tests.devices.conftest import found_city

RATE_HZ, WINDOW_S = 50.0, 60


@pytest.mark.parametrize(
    ("line", "spot", "hertz", "mm_s"),
    [
        ("commercial", "foundation", 5, 20), ("commercial", "foundation", 30, 30),
        ("commercial", "foundation", 75, 45), ("residential", "foundation", 10, 5),
        ("residential", "foundation", 50, 15), ("residential", "foundation", 200, 20),
        ("sensitive", "foundation", 30, 5.5), ("sensitive", "foundation", 100, 10),
        ("sensitive", "top_floor", 30, 8), ("residential", "top_floor_long_term", 30, 5),
        ("commercial", "slab", 30, 20),
    ],
)  # fmt: skip
def test_the_standards_table_is_exact(line: str, spot: str, hertz: float, mm_s: float) -> None:
    assert guide_value(Line(line), Spot(spot), hertz) == pytest.approx(mm_s, abs=0.005)


def test_without_a_frequency_there_is_no_guide_value() -> None:
    with pytest.raises(ValueError, match="frequency"):
        guide_value(Line.SENSITIVE, Spot.FOUNDATION, 0.0)


def tone(hertz: float, mm_s: float, seconds: float = WINDOW_S) -> Any:
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    return mm_s * np.sin(2 * np.pi * hertz * t)


def test_a_peak_is_found_with_its_own_frequency() -> None:
    (peak,) = peaks(tone(12.0, 4.0)[:, None], RATE_HZ)

    assert peak.velocity_mm_s == pytest.approx(4.0, rel=0.05)
    assert peak.frequency_hz == pytest.approx(12.0, abs=0.3)


def test_modes_are_found_in_noise() -> None:
    dice = np.random.default_rng(2)
    t = np.arange(20_000) / RATE_HZ
    ring = np.exp(-0.3 * t[:2000]) * np.sin(2 * np.pi * 6.0 * t[:2000])
    swing = np.convolve(dice.normal(size=20_000), ring)[:20_000]
    samples = np.stack([swing, 0.5 * swing], axis=1) + 0.01 * dice.normal(size=(20_000, 2))

    found = [mode.frequency_hz for mode in modes(decompose(samples, RATE_HZ))]

    assert min(abs(hertz - 6.0) for hertz in found) < 0.06


def channel(values: Any, rate_hz: float = RATE_HZ) -> Channel:
    times = (np.arange(len(values)) / rate_hz * 1e6).astype(np.int64)
    return Channel("wall", Spot.FOUNDATION, times, np.asarray(values, dtype=np.float64))


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (channel(tone(5, 1), rate_hz=10.0), "agreed"),
        (channel(np.zeros(3000)), "repeats"),
        (channel(np.repeat(tone(5, 1)[:600], 5)), "repeats"),
        (channel(np.where(np.arange(3000) == 9, np.nan, 1.0)), "no number"),
        (channel(tone(5, 1)[:100]), "samples"),
    ],
)
def test_a_stream_that_is_not_what_was_agreed_is_explained(bad: Channel, why: str) -> None:
    with pytest.raises(Flawed, match=why):
        hear([bad], rate_hz=RATE_HZ, window_s=WINDOW_S, line=Line.SENSITIVE)


@pytest.mark.parametrize(
    ("signs", "reached"),
    [
        (Signs(), Rung.NONE), (Signs(0.5), Rung.NONE), (Signs(0.6), Rung.NOTE),
        (Signs(1.1), Rung.INSPECT), (Signs(novel=True), Rung.INSPECT),
        (Signs(tilted=True), Rung.INSPECT), (Signs(novel=True, tilted=True), Rung.CITIZENS),
        (Signs(1.1, novel=True), Rung.CITIZENS),
    ],
)  # fmt: skip
def test_the_ladder_climbs_by_signs(signs: Signs, reached: Rung) -> None:
    assert rung(signs) is reached


def test_people_keep_away_one_and_a_half_heights() -> None:
    assert fall_radius_m(12.0) == 18.0


def healthy(hours: int, seed: int = 1) -> tuple[Any, Any]:
    dice = np.random.default_rng(seed)
    warm = 12 + 14 * np.sin(2 * np.pi * np.arange(hours) / 4380) + dice.normal(0, 2, hours)
    slope = 1 - 0.0006 * np.maximum(warm, 0) - 0.006 * np.minimum(warm, 0)
    told = np.array([3.9, 5.0]) * (slope[:, None] + dice.normal(0, 0.003, (hours, 2)))
    return told, warm


def test_cold_is_no_damage_and_damage_is_not_the_weather() -> None:
    told, warm = healthy(8760)
    baseline = baseline_of(learn(told, warm).written())
    later, later_warm = healthy(8760, seed=2)

    assert is_novel(baseline, later, later_warm).mean() < 0.02
    assert is_novel(baseline, later * 0.96, later_warm)[6:].mean() > 0.95


def test_four_weeks_are_the_least_to_learn_from() -> None:
    with pytest.raises(ValueError, match="Four weeks"):
        learn(*healthy(600))


@pytest.fixture
def school(hand: Hand, db: None) -> Structure:
    found_city()
    define_properties()
    gateway, _key = create_gateway(code="walls", names={"en": "Walls"}, actor="test")
    streams = (
        DatastreamPlan(code="v", observed_property="wall_velocity"),
        DatastreamPlan(code="t", observed_property="tilt"),
    )
    plan = ThingPlan(code="wall", names={"en": "Wall"}, datastreams=streams)
    provision_thing(gateway=gateway, plan=plan)
    school = provision_structure(
        code="school", names={"en": "Old school"}, height_m=10.0, line="sensitive",
        footprint=Polygon.from_bbox((127.26, 37.43, 127.2603, 37.4302)), rate_hz=RATE_HZ,
        window_s=WINDOW_S,
    )  # fmt: skip
    for role, code in (("velocity", "v"), ("tilt", "t")):
        connect_structure_sensor(structure=school, gateway="walls", datastream=code, role=role)
    return school


def shake(hand: Hand, values: Any) -> None:
    """A minute of trembling, and half a minute for it to be analysed."""
    begin = clock.now()
    rows = [
        {"datastream": "v", "result": float(value),
         "phenomenonTime": (begin + timedelta(seconds=(n + 1) / RATE_HZ)).isoformat()}
        for n, value in enumerate(values)
    ]  # fmt: skip
    hand.move(timedelta(seconds=WINDOW_S))
    accept(read_rows(rows), known_as("walls"))
    hand.move(timedelta(seconds=WINDOW_S))
    analyse_structures()


def noisy(hertz: float, mm_s: float) -> Any:
    return tone(hertz, mm_s) + np.random.default_rng(1).normal(0, 0.01, WINDOW_S * 50)


def test_trembling_beyond_the_guide_value_orders_an_inspection(
    school: Structure, hand: Hand
) -> None:
    shake(hand, noisy(8.0, 3.6))

    order = InspectionOrder.objects.open().get()
    row = Assessment.objects.open().get()
    assert order.structure == school
    assert (row.kind, row.severity, row.certainty) == ("structure", "Moderate", "Possible")
    assert "nspect" in row.summary or "점검" in row.summary
    assert "safe" not in row.summary.lower()


def test_half_of_it_is_a_note_and_a_whisper_nothing(school: Structure, hand: Hand) -> None:
    shake(hand, noisy(8.0, 1.0))
    assert not Assessment.objects.exists()
    shake(hand, noisy(8.0, 2.0))

    assert Assessment.objects.get().severity == "Minor"
    assert not InspectionOrder.objects.exists()


def test_a_hanging_sensor_raises_nothing(school: Structure, hand: Hand) -> None:
    shake(hand, np.full(WINDOW_S * 50, 9.0))

    assert "repeats" in StructureWindow.objects.get().flaw
    assert not Assessment.objects.exists()


def test_an_order_ends_only_with_what_was_found(school: Structure, hand: Hand) -> None:
    shake(hand, noisy(8.0, 3.6))
    shake(hand, noisy(8.0, 0.1))
    order = InspectionOrder.objects.open().get()
    with pytest.raises(Invalid):
        close_order(order=order, found="  ", person=None, actor="park")

    close_order(order=order, found="No cracks; road works next door.", person=None, actor="park")

    assert not Assessment.objects.open().exists()
    with pytest.raises(Conflict):
        close_order(order=order, found="again", person=None, actor="park")


def test_nothing_is_learned_while_an_inspection_is_open(school: Structure, hand: Hand) -> None:
    shake(hand, noisy(8.0, 3.6))

    with pytest.raises(Conflict):
        learn_baseline(structure=school, since=clock.now() - timedelta(days=365), to=clock.now(),
                       actor="park")  # fmt: skip
