"""From the water to what is in the way: streets by the river, underpasses by their curve."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import LineString, MultiLineString, MultiPolygon, Polygon
from django.core.exceptions import ValidationError
from django.test import Client

from apps.base import clock
from apps.base.clock import Hand
from apps.city.models import Obstruction, OsmWay, Street
from apps.city.services.obstructions import refuse_obstruction
from apps.hazards.models import Assessment, Catchment, InundationStep, Reach, Station, Underpass
from apps.hazards.services.provisioning import in_metres, provision_reach, provision_underpass
from apps.hazards.services.rain_forecasts import keep_rain_forecast
from tests.hazards.conftest import UNDERPASS, Valley

LAT = 37.43
WEST, EAST = 127.255, 127.265


def strip(half_lat: float) -> MultiPolygon:
    """What is wet on both banks of a river that flows east."""
    part = Polygon.from_bbox((WEST, LAT - half_lat, EAST, LAT + half_lat))
    return MultiPolygon(part, srid=4326)


def street(code: str, *points: tuple[float, float]) -> Street:
    geom = MultiLineString(LineString(*points), srid=4326)
    return Street.objects.create(
        code=code, names={"": code, "en": code}, source="test", reference=code, rank=5, geom=geom,
        geom_m=in_metres(geom),
    )  # fmt: skip


@pytest.fixture
def river(valley: Valley) -> Reach:
    """Steps at 0.25 m each; a street along the bank, one on the terrace, and one over a bridge."""
    course = LineString((WEST, LAT), (EAST, LAT), srid=4326)
    reach = provision_reach(
        code="lower", names={"en": "Lower"}, station=Station.objects.get(code="BRIDGE"),
        course=course,
    )  # fmt: skip
    for n in range(1, 25):
        depth_m = n * InundationStep.STEP_M
        InundationStep.objects.create(
            reach=reach, depth_m=depth_m, area_m2=1e5, geom=strip(0.0002 * n)
        )
    Reach.objects.update(built_at=clock.now())
    street("bank", (WEST + 0.001, LAT + 0.0013), (EAST - 0.001, LAT + 0.0013))  # wet from step 7
    street("terrace", (WEST + 0.001, LAT + 0.0029), (EAST - 0.001, LAT + 0.0029))  # from step 15
    over = ((127.26, LAT - 0.0002), (127.26, LAT + 0.0002))
    street("bridge", *over)
    line = LineString(*over, srid=4326)
    OsmWay.objects.create(
        id=1, node_ids=[1, 2], tags={"highway": "primary", "bridge": "yes"}, geom=line
    )
    return reach


def rises(valley: Valley, hand: Hand, *stages_m: float) -> None:
    for stage_m in stages_m:
        valley.say(("stage.bridge", stage_m))
        hand.move(timedelta(minutes=10))


def in_the_way() -> dict[str, float]:
    rows = Obstruction.objects.open().filter(source="hazards", kind="flood")
    return {row.description: row.depth_m or 0.0 for row in rows}


def test_a_river_in_its_bed_is_in_nobodys_way(valley: Valley, river: Reach, hand: Hand) -> None:
    rises(valley, hand, 1.0, 1.75)
    assert in_the_way() == {}


def test_streets_are_in_the_way_as_deep_as_the_water_can_be(
    valley: Valley, river: Reach, hand: Hand
) -> None:
    rises(valley, hand, 1.0, 1.9)
    assert in_the_way() == {"bank": pytest.approx(0.4)}
    rises(valley, hand, 2.8, 3.7)
    assert in_the_way() == {"bank": pytest.approx(2.2), "terrace": pytest.approx(0.2)}
    row = Obstruction.objects.get(reference=f"street:{river.pk}:bank")
    assert (row.state, row.stops) == ("confirmed", []), "how deep it is, not who may pass"


def test_the_same_street_is_the_same_fact_in_every_flood(
    valley: Valley, river: Reach, hand: Hand
) -> None:
    rises(valley, hand, 1.0, 1.9, 1.2)
    row = Obstruction.objects.get()
    assert row.state == "closed"
    rises(valley, hand, 2.1)
    again = Obstruction.objects.get()
    assert (again.pk, again.state) == (row.pk, "confirmed")
    assert again.depth_m == pytest.approx(0.6)


def test_silence_and_doubt_dry_no_street(valley: Valley, river: Reach, hand: Hand) -> None:
    rises(valley, hand, 1.0, 1.9)
    hand.move(timedelta(hours=3))
    assert set(in_the_way()) == {"bank"}
    valley.say(("stage.bridge", -40.0))  # no river stands there
    assert set(in_the_way()) == {"bank"}


def test_what_staff_saw_holds_for_this_flood_and_no_longer(
    valley: Valley, river: Reach, hand: Hand
) -> None:
    rises(valley, hand, 1.0, 1.9)
    refuse_obstruction(code=Obstruction.objects.get().code, actor="park")
    rises(valley, hand, 2.2)
    assert in_the_way() == {}
    rises(valley, hand, 1.0, 2.2)
    assert set(in_the_way()) == {"bank"}


def test_a_small_change_asks_nothing_of_the_map(
    valley: Valley, river: Reach, hand: Hand, django_assert_max_num_queries: Any
) -> None:
    rises(valley, hand, 1.0, 1.9)
    before = Obstruction.objects.get().version
    rises(valley, hand, 1.92)
    assert Obstruction.objects.get().version == before


# ---------------------------------------------------------------- hollows

CURVE = [[0.0, 0.0], [1.0, 100.0], [2.0, 200.0]]


@pytest.fixture
def yard(valley: Valley) -> Underpass:
    """A hollow of 100 m² that a hectare of asphalt drains into, without a gauge of its own."""
    return provision_underpass(
        code="yard", names={"en": "Yard"}, area=UNDERPASS, station=None, curve=CURVE,
        drains_km2=0.01, runoff=1.0,
    )  # fmt: skip


def rains(valley: Valley, hand: Hand, *mm: float) -> None:
    for one in mm:
        hand.move(timedelta(minutes=10))
        valley.say(("rain.summit", one), ("rain.east", one))


def test_rain_fills_a_hollow_that_no_gauge_watches(
    valley: Valley, yard: Underpass, hand: Hand
) -> None:
    rains(valley, hand, 2.0, 2.0)
    yard.refresh_from_db()
    assert yard.computed_m == pytest.approx(0.4)
    row = Obstruction.objects.get(reference="yard")
    assert (row.state, row.certainty) == ("reported", 0.6)
    assert row.depth_m == pytest.approx(0.4)
    found = Assessment.objects.open().get(reference="yard")
    assert (found.kind, found.certainty, found.severity) == (
        "surface_water", "Possible", "Moderate",
    )  # fmt: skip


def test_pumps_empty_it_and_it_is_out_of_the_way(
    valley: Valley, yard: Underpass, hand: Hand
) -> None:
    rains(valley, hand, 4.0)
    Underpass.objects.filter(pk=yard.pk).update(pumps_m3_s=0.05)
    rains(valley, hand, 0.0, 0.0)
    assert Obstruction.objects.get(reference="yard").state == "closed"
    assert not Assessment.objects.open().filter(reference="yard").exists()


def test_what_staff_confirmed_rain_does_not_close(
    valley: Valley, yard: Underpass, hand: Hand
) -> None:
    rains(valley, hand, 4.0)
    Obstruction.objects.filter(reference="yard").update(state="confirmed")
    Underpass.objects.filter(pk=yard.pk).update(pumps_m3_s=0.05)
    rains(valley, hand, 0.0, 0.0)
    assert Obstruction.objects.get(reference="yard").is_open


def test_rain_that_is_foreseen_is_told_before_it_falls(
    valley: Valley, yard: Underpass, hand: Hand
) -> None:
    catchment = Catchment.objects.get(code="valley")
    Catchment.objects.update(geom=strip(0.01))
    keep_rain_forecast(
        catchment=catchment, source="test", issued_at=clock.now(), from_at=clock.now(),
        mm_by_hour=[6.0, 0.0, 0.0],
    )  # fmt: skip
    rains(valley, hand, 0.0)
    yard.refresh_from_db()
    assert yard.computed_m == 0.0
    assert yard.foreseen_m == pytest.approx(0.5, abs=0.01)
    assert Assessment.objects.open().get(reference="yard").urgency == "Expected"
    assert not Obstruction.objects.filter(reference="yard").exists(), "nothing is there yet"


def test_a_gauge_that_is_believed_has_the_last_word(valley: Valley, hand: Hand) -> None:
    underpass = Underpass.objects.get(code="byeolbit")
    Underpass.objects.filter(pk=underpass.pk).update(curve=CURVE, drains_km2=0.01)
    valley.say(("depth.underpass", 0.5))
    rains(valley, hand, 4.0)
    underpass.refresh_from_db()
    assert underpass.computed_m == pytest.approx(0.36)
    assert not Obstruction.objects.filter(reference="byeolbit").exists()


def test_gauges_that_fell_silent_say_nothing_of_it(
    valley: Valley, yard: Underpass, hand: Hand
) -> None:
    valley.say(("rain.east", 9.0, 7200))
    yard.refresh_from_db()
    assert yard.computed_m is None


def test_the_map_shows_hollows_measured_or_computed(
    valley: Valley, yard: Underpass, hand: Hand
) -> None:
    rains(valley, hand, 2.0, 2.0)
    valley.say(("depth.underpass", 35))

    features = Client().get("/api/v1/hazards/inundation").json()["features"]

    shown = {one["id"]: one["properties"] for one in features}
    assert shown["yard:now"] == {
        "underpass": "yard", "band": "now", "depth_m": 0.4, "measured": False, "closed": True,
    }  # fmt: skip
    assert (shown["byeolbit:now"]["depth_m"], shown["byeolbit:now"]["measured"]) == (0.35, True)


@pytest.mark.parametrize("curve", [[[0, 0]], [[0, 0], [1, 5], [2, 4]], "deep"])
def test_staff_cannot_keep_a_curve_that_is_none(yard: Underpass, curve: Any) -> None:
    yard.curve = curve
    with pytest.raises(ValidationError) as refused:
        yard.full_clean()
    assert set(refused.value.message_dict) == {"curve"}
