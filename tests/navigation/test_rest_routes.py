"""Ways at the REST door: found, kept, explained, drawn, and refused in words."""

from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.services import give_consent
from apps.base import clock
from apps.base.clock import Hand
from apps.navigation.models import GraphBuild, Route
from apps.navigation.services.routes import forget_old_routes
from tests.navigation.asking import Api, document, soras_question
from tests.navigation.conftest import place
from tests.navigation.test_town import break_lift
from tests.support.world import People

UNKNOWN = "00000000-0000-4000-8000-000000000000"


def routed(api: Api | None = None, **more: Any) -> dict[str, Any]:
    answer = (api or Api())("POST", "routes", soras_question(**more))
    assert answer.status_code == 201, answer.content
    return dict(answer.json()["features"][0])


def test_sora_gets_a_way_that_holds_and_reads_why_it_is_longer(walkable: GraphBuild) -> None:
    way = routed()
    properties = way["properties"]
    assert way["geometry"]["type"] == "LineString"
    assert len(way["geometry"]["coordinates"][0]) == 3
    assert properties["certainty"]["kerb"] == 1.0
    assert properties["certainty"]["say"] == "Every kerb on this way has been described."
    reasons = {b["reason"] for b in properties["explanation"]["blockers"]}
    assert "4 steps without a ramp" in {r[:1].lower() + r[1:] for r in reasons}
    assert any("9 cm" in reason for reason in reasons)
    assert properties["steps"][0]["kind"] == "depart"
    assert properties["steps"][-1]["say"] == "You have arrived"


def test_it_speaks_korean(walkable: GraphBuild) -> None:
    way = routed(Api(language="ko"))
    assert way["properties"]["steps"][-1]["say"] == "도착했습니다"
    assert "계단" in way["properties"]["explanation"]["blockers"][0]["say"]


def test_it_gives_others_besides_the_best(walkable: GraphBuild) -> None:
    answer = Api()("POST", "routes", soras_question(alternatives=3)).json()
    ranks = [way["properties"]["rank"] for way in answer["features"]]
    assert ranks == list(range(len(ranks)))
    assert 2 <= len(ranks) <= 4


def test_it_goes_by_via_points(walkable: GraphBuild) -> None:
    way = routed(via=[place("city_hall").document()])
    kinds = [step["kind"] for step in way["properties"]["steps"]]
    assert kinds.count("via") == 1
    assert way["properties"]["length_m"] > routed()["properties"]["length_m"]


def test_limits_of_ones_own_count_at_once(walkable: GraphBuild) -> None:
    free = routed(profile="foot")["properties"]["length_m"]
    bound = routed(profile="foot", limits={"max_steps": 0, "max_kerb_down_cm": 3})
    assert bound["properties"]["length_m"] > free


def test_strict_takes_nothing_on_trust(walkable: GraphBuild) -> None:
    answer = Api()("POST", "routes", soras_question(strict=True))
    if answer.status_code == 201:
        certainty = answer.json()["features"][0]["properties"]["certainty"]
        assert certainty["width"] == certainty["surface"] == 1.0
    else:
        assert answer.json()["type"] in ("/problems/no-way", "/problems/not-passable-place")
        assert answer.json()["detail"]


def test_a_signed_in_persons_own_profile_is_taken(walkable: GraphBuild, people: People) -> None:
    question = soras_question()
    del question["profile"]
    signed_in = Api(people.sora)("POST", "routes", question).json()
    assert signed_in["features"][0]["properties"]["profile"] == "wheelchair_manual"
    stranger = Api()("POST", "routes", question).json()
    assert stranger["features"][0]["properties"]["profile"] == "foot"


def test_a_persons_route_is_theirs_alone(walkable: GraphBuild, people: People) -> None:
    code = routed(Api(people.sora))["id"]
    assert Api(people.sora)("GET", f"routes/{code}").status_code == 200
    for other in (Api(), Api(people.ben)):
        assert other("GET", f"routes/{code}").status_code == 404
        assert other("GET", f"routes/{code}/ar-anchors").status_code == 404


def test_a_route_is_polled_by_its_etag_until_something_stands_on_it(walkable: GraphBuild) -> None:
    code = routed()["id"]
    first = Api()("GET", f"routes/{code}")
    again = Api()("GET", f"routes/{code}", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    break_lift()
    after = Api()("GET", f"routes/{code}", **{"If-None-Match": first["ETag"]})
    assert after.status_code == 200
    assert after.json()["properties"]["is_blocked"]
    assert after.json()["properties"]["hazards"][0]["kind"] == "broken_lift"


def test_the_explanation_stands_alone(walkable: GraphBuild) -> None:
    code = routed()["id"]
    answer = Api()("GET", f"routes/{code}/explanation").json()
    assert answer["blockers"][0]["feature"].startswith("way/")
    assert answer["blockers"][0]["checked_on"] == "2026-03-14"


def test_a_camera_gets_windows_of_the_way(walkable: GraphBuild) -> None:
    code = routed()["id"]
    answer = Api()("GET", f"routes/{code}/ar-anchors?from_m=100&len=120")
    payload = answer.json()
    assert (payload["window"]["from_m"], payload["window"]["to_m"]) == (100.0, 220.0)
    assert payload["geoid"]["n_m"] == pytest.approx(23, abs=3)
    anchor = payload["anchors"][0]
    assert anchor["geopose"]["position"]["h"] == pytest.approx(
        anchor["arkit"]["altitude_msl"] + payload["geoid"]["n_m"], abs=0.1
    )
    assert len(payload["anchors"]) <= 60
    assert {"ko", "en"} == set(payload["cues"][0]["say"])
    assert len(payload["cues"][0]["senses"]) >= 2
    assert len(answer.content) < 60_000
    again = Api()("GET", f"routes/{code}/ar-anchors?from_m=100&len=120",
                  **{"If-None-Match": payload["window"]["etag"]})  # fmt: skip
    assert again.status_code == 304


@pytest.mark.parametrize("query", ["from_m=x", "from_m=-1", "len=nan"])
def test_a_window_that_cannot_be_is_refused(walkable: GraphBuild, query: str) -> None:
    code = routed()["id"]
    assert Api()("GET", f"routes/{code}/ar-anchors?{query}").status_code == 400


@pytest.mark.parametrize(
    ("change", "status", "slug", "field"),
    [
        ({"destination": document(2.35, 48.85)}, 422, "place-outside-city", "destination"),
        ({"origin": document(37.43, 127.26)}, 422, "swapped-coordinates", "origin"),
        ({"via": [document(0, 0)]}, 422, "place-outside-city", "via[0]"),
        ({"destination": document(200, 37)}, 400, "invalid", "destination.lon"),
        ({"destination": None}, 400, "invalid", "destination"),
        ({"profile": "dragon"}, 400, "invalid", "profile"),
        ({"limits": {"speed_mps": 0}}, 400, "invalid", "limits.speed_mps"),
        ({"limits": {"min_width_m": 99}}, 400, "invalid", "limits.min_width_m"),
        ({"limits": {"wings": 2}}, 400, "invalid", "limits.wings"),
        ({"limits": {"must_know": ["luck"]}}, 400, "invalid", "limits.must_know"),
        ({"alternatives": 9}, 400, "invalid", "alternatives"),
        ({"depart_at": "1999-01-01T00:00:00Z"}, 400, "invalid", "depart_at"),
    ],
)
def test_bad_questions_get_an_answer_that_says_which_and_what_to_try(
    walkable: GraphBuild, change: dict[str, Any], status: int, slug: str, field: str
) -> None:
    answer = Api()("POST", "routes", soras_question(**change))
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (status, f"/problems/{slug}")
    assert problem["errors"][0]["field"] == field
    assert not Route.objects.exists()
    if status == 422:
        assert problem["advice"]


def test_impossible_limits_get_the_smallest_relaxation(walkable: GraphBuild) -> None:
    limits = {"max_incline_up_pct": 1, "max_incline_down_pct": 1}
    answer = Api()("POST", "routes", soras_question(limits=limits))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/no-way")
    row = answer.json()["relaxations"][0]
    assert (row["field"], row["limit"]) == ("max_incline_up_pct", 1.0)
    assert "accept" in answer.json()["detail"]


def test_without_a_graph_it_says_so(db: None, hand: Hand) -> None:
    assert Api()("POST", "matrix", {
        "profile": "car", "origins": [document(127, 37)], "destinations": [document(127, 37)],
    }).status_code == 503  # fmt: skip


def test_routes_go_after_a_day(walkable: GraphBuild, hand: Hand) -> None:
    code = routed()["id"]
    hand.move(timedelta(hours=23))
    forget_old_routes()
    assert Api()("GET", f"routes/{code}").status_code == 200
    hand.move(timedelta(hours=2))
    forget_old_routes()
    assert Api()("GET", f"routes/{code}").status_code == 404


def test_a_route_whose_build_is_gone_says_to_ask_again(walkable: GraphBuild) -> None:
    code = routed()["id"]
    gone = GraphBuild.objects.create(state=GraphBuild.State.REMOVED, started_at=clock.now())
    Route.objects.update(build=gone)
    answer = Api()("GET", f"routes/{code}")
    assert (answer.status_code, answer.json()["type"]) == (410, "/problems/route-over")


def test_the_matrix_tells_times_on_wheels_and_by_car(walkable: GraphBuild) -> None:
    places = [place(c).document() for c in ("station", "old_town_hall", "city_hall")]
    for profile in ("wheelchair_manual", "car"):
        answer = Api()("POST", "matrix", {
            "profile": profile, "origins": places, "destinations": places[:2],
        }).json()  # fmt: skip
        assert [len(row) for row in answer["seconds"]] == [2, 2, 2]
        assert answer["seconds"][0][0] == pytest.approx(0, abs=0.2)
        assert answer["seconds"][0][1] > 60
        assert answer["metres"][0][1] > 500


def test_a_matrix_too_large_is_refused(walkable: GraphBuild) -> None:
    many = [place("station").document()] * 101
    answer = Api()("POST", "matrix", {"origins": many, "destinations": many[:1]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "origins")


def test_a_person_says_how_they_move_and_takes_it_back(
    walkable: GraphBuild, people: People
) -> None:
    ben = Api(people.ben)
    assert Api()("GET", "profiles/me").status_code == 401
    profile = {"base": "pushchair", "limits": {"max_steps": 0}}
    people.ben.consents.all().delete()
    refused = ben("PUT", "profiles/me", profile)
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/consent-missing"
    give_consent(person=people.ben, purpose="mobility-profile", text_version="1")
    kept = ben("PUT", "profiles/me", profile).json()
    assert kept["effective"]["max_steps"] == 0
    assert kept["effective"]["max_kerb_up_cm"] == 10.0
    wrong = ben("PUT", "profiles/me", {"base": "foot", "limits": {"speed_mps": 77}})
    assert wrong.json()["errors"][0]["field"] == "limits.speed_mps"
    assert ben("DELETE", "profiles/me").status_code == 204
    assert ben("GET", "profiles/me").status_code == 404


def test_it_asks_the_database_as_often_as_was_agreed(
    walkable: GraphBuild, django_assert_max_num_queries: Any
) -> None:
    routed()
    with django_assert_max_num_queries(24):
        routed()
