"""OGC SensorThings 1.1 at `/sta/v1.1/`, asked by hand and by an independent client."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import frost_sta_client as fsc  # type: ignore[import-untyped]
import pytest
from django.db import OperationalError
from django.test import Client

from apps.base import clock
from apps.base.clock import Hand
from devices.events import Receiver, receivers
from devices.models import Datastream, Observation, Thing
from tests.devices.conftest import Post, row, set_up
from tests.support.registries import registered

ROOT = "/sta/v1.1"


@pytest.fixture
def river(post: Post) -> Post:
    """Ten levels, one a minute, and a lamp."""
    post.send(*(row(100 + n, ago_s=60 * n) for n in range(10)), row(1, of="lamp.on"))
    return post


def get(client: Client, path: str, **options: Any) -> Any:
    answer = client.get(f"{ROOT}/{path}", {f"${name}": text for name, text in options.items()})
    assert answer.status_code == 200, answer.content
    return answer.json()


def values(client: Client, path: str, **options: Any) -> list[Any]:
    found: list[Any] = get(client, path, **options)["value"]
    return found


def results(client: Client, **options: Any) -> list[float]:
    return [one["result"] for one in values(client, "Observations", **options)]


def test_the_service_says_what_it_has(river: Post, client: Client) -> None:
    document = client.get(f"{ROOT}/").json()

    assert {one["name"] for one in document["value"]} == {
        "Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors",
        "ObservedProperties", "Observations", "FeaturesOfInterest",
    }  # fmt: skip
    for one in document["value"]:
        assert client.get(one["url"]).status_code == 200


def test_every_link_of_an_entity_leads_somewhere(river: Post, client: Client) -> None:
    seen = 0
    for name in ("Things", "Locations", "Datastreams", "ObservedProperties", "Observations",
                 "FeaturesOfInterest"):  # fmt: skip
        (one, *_more) = values(client, name, top=1)
        links = {k: url for k, url in one.items() if k.endswith("Link")}
        for key, url in links.items():
            missing = key == "Sensor@iot.navigationLink"  # nobody said which instrument it is
            assert client.get(url).status_code == (404 if missing else 200), url
            seen += 1
        assert client.get(one["@iot.selfLink"]).json() == one
    assert seen > 15


def test_a_thing_and_its_neighbours(river: Post, client: Client) -> None:
    (thing,) = values(client, "Things", expand="Locations,Datastreams($orderby=name)")

    assert thing["name"] == "Post at the bridge"
    assert thing["Locations"][0]["location"]["coordinates"] == [127.26, 37.43]
    assert [one["name"] for one in thing["Datastreams"]] == ["gate.turns", "lamp.on", "river.level"]
    level = thing["Datastreams"][2]
    assert level["unitOfMeasurement"]["symbol"] == "cm"
    assert get(client, f"Datastreams({level['@iot.id']})/Thing")["@iot.id"] == thing["@iot.id"]


FILTERS: list[tuple[str, list[float]]] = [
    ("result eq 105", [105]),
    ("result gt 107", [108, 109]),
    ("result ge 108 or result lt 101", [1, 100, 108, 109]),
    ("not result lt 108", [108, 109]),
    ("result ne 105 and result gt 103 and result le 106", [104, 106]),
    ("result add 10 eq 115", [105]),
    ("result mod 5 eq 0", [100, 105]),
    ("result mul 2 gt 216 sub 2", [108, 109]),
    ("result div 0 eq 1", []),
    ("phenomenonTime ge 2026-11-22T02:58:00Z", [1, 100, 101, 102]),
    ("phenomenonTime ge 2026-11-22T11:58:00+09:00", [1, 100, 101, 102]),
    ("phenomenonTime gt now() sub duration'PT90S'", [1, 100, 101]),
    ("Datastream/name eq 'lamp.on'", [1]),
    ("startswith(Datastream/name,'lamp')", [1]),
    ("endswith(Datastream/properties/code,'on')", [1]),
    ("substringof('amp',Datastream/name)", [1]),
    ("tolower(Datastream/Thing/name) eq 'post at the bridge' and result lt 2", [1]),
    ("Datastream/unitOfMeasurement/symbol eq 'cm' and minute(phenomenonTime) eq 58", [102]),
    ("length(Datastream/name) eq 7", [1]),
    ("round(result div 10) eq 11 and result gt 108", [109]),
    ("result lt 2 and geo.distance(FeatureOfInterest/feature,geography'POINT(127.26 37.43)') lt 9",
     [1]),
    ("geo.distance(FeatureOfInterest/feature,geography'POINT(127.26 37.431)') lt 100", []),
    ("st_within(FeatureOfInterest/feature,geography'POLYGON((0 0,1 0,1 1,0 1,0 0))')", []),
    ("Datastream/Thing/name eq null", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), FILTERS)
def test_filters(river: Post, client: Client, text: str, found: list[float]) -> None:
    assert sorted(results(client, filter=text)) == found


@pytest.mark.parametrize(
    ("path", "text", "count"),
    [
        ("Things", "Datastreams/name eq 'river.level'", 1),
        ("Things", "Datastreams/unitOfMeasurement/symbol ne 'xx'", 1),
        ("Things", "id eq 0", 0),
        ("Datastreams", "ObservedProperty/properties/code eq 'test_lamp'", 1),
        ("Datastreams", "Observations/result gt 105", 1),
        ("Locations", "geo.intersects(location,geography'POINT(127.26 37.43)')", 1),
        ("Locations", "st_within(location,geography'POLYGON((127 37,128 37,128 38,127 37))')", 0),
    ],
)  # fmt: skip
def test_filters_follow_neighbours(
    river: Post, client: Client, path: str, text: str, count: int
) -> None:
    assert len(values(client, path, filter=text)) == count


def test_order_page_count_and_selection(river: Post, client: Client) -> None:
    stream = river.stream("river.level").pk
    path = f"Datastreams({stream})/Observations"
    first = get(client, path, orderby="result desc", top=4, count="true", select="result,id")

    assert first["@iot.count"] == 10
    assert [one["result"] for one in first["value"]] == [109, 108, 107, 106]
    assert set(first["value"][0]) == {"@iot.id", "result"}
    second = client.get(first["@iot.nextLink"]).json()
    third = client.get(second["@iot.nextLink"]).json()
    assert [one["result"] for one in second["value"] + third["value"]] == [
        105, 104, 103, 102, 101, 100,
    ]  # fmt: skip
    assert "@iot.nextLink" not in third


def test_observations_come_newest_first_and_in_columns(river: Post, client: Client) -> None:
    stream = river.stream("river.level").pk
    (array,) = values(
        client, f"Datastreams({stream})/Observations", resultFormat="dataArray", top=3
    )

    assert array["components"] == ["id", "phenomenonTime", "resultTime", "result"]
    assert [cells[3] for cells in array["dataArray"]] == [100, 101, 102]
    assert array["dataArray"][0][1] == "2026-11-22T03:00:00Z"


def test_properties_and_values_alone(river: Post, client: Client) -> None:
    thing = Thing.objects.get().pk

    assert get(client, f"Things({thing})/name") == {"name": "Post at the bridge"}
    assert client.get(f"{ROOT}/Things({thing})/name/$value").content == b"Post at the bridge"
    assert get(client, f"Things({thing})/properties/code") == {"code": "bridge-post"}
    assert values(client, "Things/$ref") == [
        {"@iot.selfLink": f"http://testserver{ROOT}/Things({thing})"}
    ]


@pytest.mark.parametrize(
    "path",
    ["Dreams", "Things(999999)", "Things(x)", "Things(99999999999999999999)", "Things/Datastreams",
     "Observations('7')", "Observations('1-x')", "Observations('1-99999999999999999')",
     "Things(1)/nothing/here"],
)  # fmt: skip
def test_what_is_not_there_is_404(river: Post, client: Client, path: str) -> None:
    assert client.get(f"{ROOT}/{quote(path)}").status_code == 404


@pytest.mark.parametrize(
    ("path", "options"),
    [("Things", {"filter": "name"}), ("Things", {"filter": "name eq"}),
     ("Things", {"filter": "colour eq 1"}), ("Things", {"filter": "name eq 5"}),
     ("Things", {"filter": "f(name) eq 1"}), ("Things", {"filter": "length(name,1) eq 1"}),
     ("Things", {"filter": "name lt null"}), ("Things", {"top": "-1"}), ("Things", {"mop": "1"}),
     ("Things", {"orderby": "colour"}), ("Things", {"select": "colour"}),
     ("Things", {"expand": "Colours"}),
     ("Locations", {"filter": "st_within(location,geography'X')"}),
     ("Observations", {"filter": "result eq 'high'"}), ("Things(1", {})],
)  # fmt: skip
def test_what_makes_no_sense_is_400(
    river: Post, client: Client, path: str, options: dict[str, str]
) -> None:
    answer = client.get(f"{ROOT}/{path}", {f"${name}": text for name, text in options.items()})

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/invalid"


# ---------------------------------------------------------------- writing


def send(client: Client, path: str, body: Any, key: str) -> Any:
    return client.post(
        f"{ROOT}/{path}",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Gateway {key}"},
    )


def observation(post: Post, result: Any, ago_s: int = 0) -> dict[str, Any]:
    at = clock.now() - timedelta(seconds=ago_s)
    stream = post.stream("river.level").pk
    return {"phenomenonTime": at.isoformat(), "result": result, "Datastream": {"@iot.id": stream}}


def test_an_observation_is_created_and_found_where_it_says(post: Post, client: Client) -> None:
    answer = send(client, "Observations", observation(post, 120), post.key)

    assert answer.status_code == 201
    assert client.get(answer["Location"]).json()["result"] == 120
    again = send(client, "Observations", observation(post, 120), post.key)
    assert (again.status_code, again["Location"]) == (201, answer["Location"])
    assert Observation.objects.count() == 1


def test_an_observation_may_be_put_under_its_datastream(post: Post, client: Client) -> None:
    body = observation(post, 120)
    del body["Datastream"]
    path = f"Datastreams({post.stream('river.level').pk})/Observations"

    assert send(client, path, body, post.key).status_code == 201


def test_rows_in_arrays_are_created_one_by_one(post: Post, client: Client) -> None:
    at = clock.now()
    cells = [[(at - timedelta(seconds=n)).isoformat(), 100 + n] for n in range(3)]
    cells.append([at.isoformat(), "high"])
    arrays = [
        {
            "Datastream": {"@iot.id": post.stream("river.level").pk},
            "components": ["phenomenonTime", "result"],
            "dataArray@iot.count": 4,
            "dataArray": cells,
        }
    ]

    answer = send(client, "CreateObservations", arrays, post.key)

    assert answer.status_code == 201
    assert answer.json()[3] == "error"
    assert [client.get(link).json()["result"] for link in answer.json()[:3]] == [100, 101, 102]


def test_what_may_not_be_created(post: Post, stranger: Thing, client: Client) -> None:
    foreign = observation(post, 1)
    foreign["Datastream"]["@iot.id"] = Datastream.objects.get(code="mill.level").pk
    refused = [
        (401, send(client, "Observations", observation(post, 1), "gw_nobody")),
        (403, send(client, "Observations", foreign, post.key)),
        (422, send(client, "Observations", observation(post, 5_000), post.key)),
        (422, send(client, "Observations", observation(post, "high"), post.key)),
        (400, send(client, "Observations", {"result": 1}, post.key)),
        (400, send(client, "Observations", [], post.key)),
        (400, send(client, "CreateObservations", {}, post.key)),
        (405, send(client, "Things", {"name": "x"}, post.key)),
        (404, send(client, "Datastreams(999999)/Observations", observation(post, 1), post.key)),
    ]

    assert [answer.status_code for _status, answer in refused] == [s for s, _answer in refused]
    assert not Observation.objects.exists()


# ---------------------------------------------------------------- an independent client


@pytest.mark.filterwarnings("ignore:furl.pathstr:DeprecationWarning")  # the client's own
@pytest.mark.django_db(transaction=True)
def test_the_client_of_fraunhofer_works_with_us(hand: Hand, live_server: Any) -> None:
    post = set_up()
    service = fsc.SensorThingsService(
        f"{live_server.url}{ROOT}", auth_handler=fsc.AuthHandler("bridge", post.key)
    )
    stream = service.datastreams().query().filter("name eq 'river.level'").list().entities[0]
    for n in range(5):
        made = fsc.Observation(
            phenomenon_time=(clock.now() - timedelta(minutes=n)).isoformat(),
            result=100 + n,
            datastream=fsc.Datastream(id=stream.id),
        )
        service.create(made)
        assert made.id

    found = stream.get_observations().query().orderby("result", "desc").top(2).list()
    assert [one.result for one in found] == [104, 103, 102, 101, 100], "it turns pages by itself"
    thing = service.things().query().expand("Locations,Datastreams").list().entities[0]
    assert thing.name == "Post at the bridge"
    assert len(thing.datastreams.entities) == 3
    assert service.observations().find(made.id).result == 104
    assert stream.unit_of_measurement.symbol == "cm"


def test_expansions_ask_once_for_all_rows_where_one_hangs_on_each(
    river: Post, client: Client, django_assert_num_queries: Any
) -> None:
    expand = "Datastream($expand=Thing($expand=Locations),ObservedProperty),FeatureOfInterest"
    with django_assert_num_queries(6):
        found = values(client, "Observations", expand=expand, top=8)

    assert len(found) == 8
    assert {one["Datastream"]["Thing"]["Locations"][0]["name"] for one in found} == {
        "Post at the bridge"
    }
    assert all(one["FeatureOfInterest"]["@iot.id"] for one in found)


def test_expanding_without_end_is_refused(
    river: Post, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("devices.feeds.sensorthings.reading.MOST_QUESTIONS", 3)
    options = {"$expand": "Datastreams($expand=Observations)"}

    assert client.get(f"{ROOT}/Things", options).status_code == 400


def cut(_arrivals: Any) -> None:
    raise OperationalError("the connection is lost")


CUTTING = Receiver(frozenset({"test_level"}), cut)


def test_whoever_posts_is_told_to_wait_while_the_database_is_away(
    post: Post, client: Client
) -> None:
    body = {"phenomenonTime": clock.now().isoformat(), "result": 5}
    path = f"{ROOT}/Datastreams({post.stream('river.level').pk})/Observations"
    headers = {"Authorization": f"Gateway {post.key}"}
    with registered(receivers, "cutting", f"{__name__}.CUTTING"):
        answer = client.post(path, body, content_type="application/json", headers=headers)

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
