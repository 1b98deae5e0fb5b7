"""The way out of the danger: the nearest shelters outside of it, for legs, wheels and none."""

from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point
from django.test import Client

from apps.alerts.models import Notice
from apps.alerts.services.approving import approve_notice, submit_notice
from apps.alerts.services.drafting import draft_alert
from apps.city.models import District, metres_of, the_city
from apps.city.models import Place as CityPlace
from apps.navigation.models import GraphBuild
from tests.alerts.conftest import LEE, PARK, box
from tests.navigation.conftest import Place, graphs_folder, place, walkable
from tests.support.world import People

__all__ = ["graphs_folder", "walkable"]
START = "city_hall"
SHELTERS = {"near": "library", "wet": "old_town_hall", "far": "station"}


@pytest.fixture
def dry_places(walkable: GraphBuild, people: People) -> dict[str, Place]:
    """Three places to gather, one of them in the water."""
    found = {name: place(code) for name, code in SHELTERS.items()}
    for name, one in found.items():
        geom = Point(one.lon, one.lat, srid=4326)
        CityPlace.objects.create(
            code=name, kind="assembly_point", names={"en": name, "ko": name}, geom=geom,
            geom_m=metres_of(geom, srid=the_city().srid), source="test", reference=name,
        )  # fmt: skip
    return found


def flood_at(spot: Place) -> Notice:
    area: MultiPolygon = box(0.001, spot.lon, spot.lat)
    whole = box(0.05, spot.lon, spot.lat)
    District.objects.create(
        code="all", names={"": "강변동", "en": "Riverside"}, reference="1", level=8, geom=whole,
        geom_m=metres_of(whole, srid=the_city().srid),
    )  # fmt: skip
    notice = draft_alert(
        kind="flood", area=area, severity="Severe", certainty="Observed", urgency="Immediate",
        actor=PARK,
    )  # fmt: skip
    submit_notice(code=notice.code, actor=PARK)
    return approve_notice(code=notice.code, actor=LEE)


def ask(notice: Notice, **query: Any) -> Any:
    here = place(START)
    asked = {"lon": here.lon, "lat": here.lat} | query
    path = f"/api/v1/alerts/{notice.alert.code}/shelters"
    return Client().get(path, asked, headers={"Accept-Language": "en"})


@pytest.mark.parametrize("profile", ["foot", "wheelchair_manual"])
def test_it_leads_to_shelters_outside_of_the_danger(
    dry_places: dict[str, Place], profile: str
) -> None:
    notice = flood_at(dry_places["wet"])
    found = ask(notice, profile=profile).json()["shelters"]
    assert {one["name"] for one in found} == {"near", "far"}
    assert [one["duration_s"] for one in found] == sorted(one["duration_s"] for one in found)
    for one in found:
        ends = one["geometry"]["coordinates"][-1]
        assert ends == pytest.approx([one["lon"], one["lat"]], abs=0.001)
        assert one["length_m"] > 50
        assert one["reason"] == ""


def test_wheels_need_longer_than_legs(dry_places: dict[str, Place]) -> None:
    notice = flood_at(dry_places["wet"])
    on_foot, on_wheels = (
        {one["name"]: one["length_m"] for one in ask(notice, profile=profile).json()["shelters"]}
        for profile in ("foot", "wheelchair_manual")
    )
    assert all(on_wheels[name] >= on_foot[name] for name in on_foot)
    assert on_wheels != on_foot


def test_where_no_way_is_known_it_still_says_where_and_why(dry_places: dict[str, Place]) -> None:
    notice = flood_at(dry_places["wet"])
    GraphBuild.objects.all().delete()
    found = ask(notice).json()["shelters"]
    assert len(found) == 2
    assert all(one["geometry"] is None and one["reason"] for one in found)


@pytest.mark.parametrize(
    ("query", "field"),
    [({"lon": "here"}, "lon"), ({"lat": ""}, "lat"), ({"profile": "fish"}, "profile")],
)
def test_a_question_that_is_none_is_refused(
    dry_places: dict[str, Place], query: dict[str, str], field: str
) -> None:
    answer = ask(flood_at(dry_places["wet"]), **query)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_draft_leads_nowhere(dry_places: dict[str, Place]) -> None:
    notice = flood_at(dry_places["wet"])
    draft = draft_alert(
        kind="flood", area=box(0.001, *dry_places["far"].lonlat), severity="Severe",
        certainty="Observed", urgency="Immediate", actor=PARK,
    )  # fmt: skip
    assert ask(notice).status_code == 200
    assert ask(draft).status_code == 404
