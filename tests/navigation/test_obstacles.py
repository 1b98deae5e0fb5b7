"""Citizens' reports: told at first, closing once others saw it, fading if nobody repeats them."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.accounts.models import Person
from apps.base.clock import Hand
from apps.city.models import Obstruction
from apps.city.services.obstructions import confirm_obstruction
from apps.navigation.models import GraphBuild, ObstacleVoice
from apps.navigation.services.obstacles import fade_reports, report_obstacle, say_of_obstacle
from tests.navigation.asking import Api
from tests.navigation.test_town import TOWN_LIFT, sora_asks, uses_the_lift
from tests.support.world import People

LIFT: dict[str, Any] = {"kind": "broken_lift", "lon": TOWN_LIFT.lon, "lat": TOWN_LIFT.lat}
State = Obstruction.State


def reported(person: Person | None, **facts: Any) -> Obstruction:
    return report_obstacle(person=person, **LIFT | facts)


def says(row: Obstruction, person: Person, word: str = "there") -> Obstruction:
    return say_of_obstacle(person=person, code=str(row.code), says=word)


def test_a_first_report_warns_and_a_second_person_closes_the_way(
    walkable: GraphBuild, people: People
) -> None:
    row = reported(people.minjun)
    assert (row.state, row.certainty) == (State.REPORTED, 0.4)
    assert uses_the_lift(sora_asks())
    row = says(row, people.jiwoo)
    assert row.certainty == pytest.approx(0.64)
    assert not uses_the_lift(sora_asks())


def test_three_persons_confirm(walkable: GraphBuild, people: People) -> None:
    row = reported(people.minjun)
    for person in (people.jiwoo, people.ben):
        row = says(row, person)
    assert row.state == State.CONFIRMED


def test_nobody_counts_twice(walkable: GraphBuild, people: People) -> None:
    row = reported(people.minjun)
    for _ in range(4):
        row = says(row, people.minjun)
    assert (row.state, row.certainty) == (State.REPORTED, 0.4)


def test_anonymous_words_weigh_less(walkable: GraphBuild, people: People) -> None:
    row = reported(None)
    assert row.certainty == 0.2
    row = says(row, people.jiwoo)
    assert row.certainty == pytest.approx(1 - 0.8 * 0.6)


def test_whoever_reported_it_may_take_it_back(walkable: GraphBuild, people: People) -> None:
    row = reported(people.minjun)
    assert says(row, people.minjun, "gone").state == State.CLOSED
    assert reported(people.minjun).is_open


def test_two_persons_who_find_it_gone_close_it(walkable: GraphBuild, people: People) -> None:
    row = reported(people.minjun)
    for person in (people.jiwoo, people.ben):
        row = says(row, person)
    assert says(row, people.sora, "gone").is_open
    assert says(row, people.ben, "gone").state == State.CLOSED


def test_a_report_fades_and_goes(walkable: GraphBuild, people: People, hand: Hand) -> None:
    row = reported(people.minjun)
    hand.move(timedelta(hours=48))
    fade_reports()
    row.refresh_from_db()
    assert row.certainty == pytest.approx(0.2)
    hand.move(timedelta(hours=60))
    fade_reports()
    row.refresh_from_db()
    assert row.state == State.CLOSED


def test_what_staff_confirmed_does_not_fade(
    walkable: GraphBuild, people: People, hand: Hand
) -> None:
    row = reported(people.minjun)
    confirm_obstruction(code=row.code, actor="park")
    hand.move(timedelta(days=9))
    fade_reports()
    row.refresh_from_db()
    assert (row.state, row.certainty) == (State.CONFIRMED, 1.0)


# ---------------------------------------------------------------- the door


def photo(kind: str = "JPEG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "gray").save(out, kind)
    return SimpleUploadedFile("steps.jpg", out.getvalue(), content_type="image/jpeg")


def test_anybody_reports_with_a_photo(walkable: GraphBuild, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    form = {**LIFT, "kind": "debris", "description": "fallen branch", "photo": photo()}
    answer = Api().send_form("obstacles", form)
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["kind"], body["certain"], body["by_citizens"]) == ("debris", False, True)
    row = Obstruction.objects.get(code=body["id"])
    assert row.photo is not None
    assert "photo" not in body


def test_the_list_shows_what_is_in_the_way_here(
    walkable: GraphBuild, people: People, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        reported(people.minjun)
    lon, lat = TOWN_LIFT.lon, TOWN_LIFT.lat
    box = f"{lon - 1e-3},{lat - 1e-3},{lon + 1e-3},{lat + 1e-3}"
    with django_assert_max_num_queries(2):
        here = Api()("GET", f"obstacles?bbox={box}").json()["results"]
    assert len(here) == 3
    assert Api()("GET", "obstacles?bbox=0,0,1,1").json()["results"] == []
    assert Api()("GET", "obstacles?bbox=here").status_code == 400


def test_a_signed_in_person_confirms(walkable: GraphBuild, people: People) -> None:
    row = reported(people.minjun)
    path = f"obstacles/{row.code}/confirmations"
    assert Api()("POST", path, {"says": "there"}).status_code == 401
    body = Api(people.jiwoo)("POST", path, {"says": "there"}).json()
    assert body["certain"]
    wrong = Api(people.jiwoo)("POST", path, {"says": "maybe"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "says")


def test_the_same_report_twice_by_its_key_is_one(walkable: GraphBuild) -> None:
    for _ in range(2):
        answer = Api()("POST", "obstacles", LIFT, **{"Idempotency-Key": "k1"})
        assert answer.status_code == 201
    assert Obstruction.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "status", "field"),
    [
        ({"kind": "dragon"}, 400, "kind"),
        ({"lon": 2.35, "lat": 48.85}, 422, "origin"),
        ({"lon": TOWN_LIFT.lat, "lat": TOWN_LIFT.lon}, 422, "origin"),
        ({"width_left_m": -1}, 400, "width_left_m"),
        ({"stops": ["dragons"]}, 400, "stops.0"),
        ({"lat": None}, 400, "lat"),
    ],
)
def test_a_report_that_cannot_be_changes_nothing(
    walkable: GraphBuild, facts: dict[str, Any], status: int, field: str
) -> None:
    answer = Api()("POST", "obstacles", LIFT | facts)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)
    assert not Obstruction.objects.exists()


def test_a_photo_that_is_none_is_refused(walkable: GraphBuild) -> None:
    fake = SimpleUploadedFile("x.jpg", b"not a photo")
    assert Api().send_form("obstacles", {**LIFT, "photo": fake}).status_code == 415
    assert not ObstacleVoice.objects.exists()
