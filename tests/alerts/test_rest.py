"""The doors of alerts: what is in force by place, CAP, feeds, answers, neighbours."""

import json
from typing import Any

import pytest
from django.test import Client
from lxml import etree

from apps.alerts.core import cap
from apps.alerts.core.chains import Step
from apps.alerts.models import InboundCap, Notice, SafetyAnswer
from apps.alerts.rest.active import ROUTES
from apps.alerts.selectors.active import ActiveSource, source
from apps.alerts.services.inbound import open_source
from apps.base.hot import HotDoor, close_pool
from apps.hazards.models import Assessment
from apps.notify.core import cells
from tests.alerts.conftest import Desk, box
from tests.support.asgi import call
from tests.support.samples import sample_path

door = HotDoor(ROUTES)
PATH = "/api/v1/alerts/active"


def get(path: str, **headers: str) -> Any:
    return Client().get(path, headers={"Accept-Language": "en", **headers})


@pytest.mark.django_db(transaction=True)
async def test_alerts_are_found_by_point_cell_and_box(desk: Desk) -> None:
    from channels.db import database_sync_to_async

    await database_sync_to_async(desk.issue)()
    await database_sync_to_async(desk.issue)(
        await database_sync_to_async(desk.draft)(status="Test")
    )
    inside, outside = cells.cell_at(127.259, 37.430), cells.cell_at(127.35, 37.43)
    try:
        for query, found in (
            ({}, 1), ({"lat": 37.43, "lon": 127.259}, 1), ({"lat": 37.5, "lon": 127.259}, 0),
            ({"cell": cells.name_of(inside)}, 1), ({"cell": cells.name_of(outside)}, 0),
            ({"bbox": "127.2,37.4,127.3,37.5"}, 1), ({"bbox": "127.0,37.4,127.1,37.5"}, 0),
        ):  # fmt: skip
            answer = await call(door, "GET", PATH, query=query)
            assert len(answer.json()["features"]) == found, query
        again = {"If-None-Match": (await call(door, "GET", PATH)).headers["etag"]}
        assert (await call(door, "GET", PATH, headers=again)).status == 304
        for bad in ({"lat": 1}, {"cell": "x"}, {"bbox": "1,2"}, {"lat": 91, "lon": 0}):
            assert (await call(door, "GET", PATH, query=bad)).status == 400
    finally:
        await close_pool()


def test_one_alert_in_json_geojson_and_cap(desk: Desk) -> None:
    notice = desk.issue()
    path = f"/api/v1/alerts/{notice.alert.code}"
    assert get(path).json()["texts"]["ko"]["headline"] == "홍수: 강변동"
    assert get(f"{path}.geojson").json()["geometry"]["type"] == "MultiPolygon"
    assert cap.from_xml(get(f"{path}.cap").content).identifier == notice.identifier
    test = desk.issue(desk.draft(status="Test"))
    assert get(f"/api/v1/alerts/{test.alert.code}").status_code == 404


@pytest.mark.samples
def test_what_is_issued_is_valid_cap(desk: Desk) -> None:
    first = desk.issue()
    desk.follow(first.alert, Step.ALL_CLEAR)
    schema = etree.XMLSchema(etree.parse(str(sample_path("alerts/CAP-v1.2.xsd"))))
    for notice in Notice.objects.filter(state="issued"):
        schema.assertValid(etree.fromstring(notice.cap_xml.encode()))


@pytest.mark.parametrize("feed", ["feed.atom", "feed.rss"])
def test_feeds_list_what_was_sent_and_answer_304(desk: Desk, feed: str) -> None:
    notice = desk.issue()
    desk.issue(desk.draft(status="Exercise"))
    answer = get(f"/cap/{feed}")
    entries = etree.fromstring(answer.content).xpath("//*[local-name()='entry' or name()='item']")
    assert len(entries) == 1
    assert notice.identifier in answer.content.decode()
    assert get(f"/cap/{feed}", **{"If-None-Match": answer["ETag"]}).status_code == 304
    assert get(f"/cap/{notice.identifier}.xml").content == notice.cap_xml.encode()


def test_a_live_row_comes_as_a_delta_and_says_when_it_is_over(desk: Desk) -> None:
    first = desk.issue()
    (row,) = source.rows("all", since=None)
    assert row["step"] == "alert"
    desk.follow(first.alert, Step.ALL_CLEAR)
    (row,) = ActiveSource().rows("all", since=None)
    assert (row["step"], row.get("gone")) == ("all_clear", None)


def answer(code: Any, body: dict[str, Any], secret: str = "a secret of the app") -> int:
    return Client().post(
        f"/api/v1/alerts/{code}/answers", json.dumps(body), content_type="application/json",
        headers={"X-Registration-Secret": secret},
    ).status_code  # fmt: skip


def test_the_warned_answer_and_a_later_word_counts(desk: Desk) -> None:
    code = desk.issue().alert.code
    own = {"registration": str(desk.phone.code)}
    place = {"lon": 127.25, "lat": 37.42}
    assert answer(code, {"answer": "need_help", **own, **place}) == 204
    assert SafetyAnswer.objects.get().lat == 37.42
    assert answer(code, {"answer": "safe", **own, **place}) == 204
    assert (SafetyAnswer.objects.get().answer, SafetyAnswer.objects.get().lat) == ("safe", None)
    assert answer(code, {"answer": "safe", **own}, "forged") == 403
    assert answer(code, {"answer": "safe"}) == 401
    assert answer(code, {"answer": "perhaps", **own}) == 400
    assert answer(desk.draft().alert.code, {"answer": "safe", **own}) == 404


class Neighbour:
    def __init__(self) -> None:
        self.source, self.key = open_source(code="kma", name="KMA", sender="kma@example")

    def message(self, identifier: str, **more: Any) -> bytes:
        ring = tuple(box().coords[0][0])
        info = cap.Info(
            language="ko", category="Met", event="호우", urgency="Expected", severity="Severe",
            certainty="Likely", event_codes=(("SAME", "FLW"),),
            areas=(cap.Area("강변동", (ring,)),),
        )  # fmt: skip
        facts: dict[str, Any] = {
            "identifier": identifier, "sender": "kma@example", "status": "Actual",
            "sent": cap.read_instant("2026-11-22T12:00:00+09:00", field="sent"),
            "message_type": "Alert", "infos": (info,),
        }  # fmt: skip
        return cap.to_xml(cap.Alert(**(facts | more)))

    def send(self, content: bytes, key: str = "") -> Any:
        return Client().post(
            "/api/v1/alerts/inbound", content, content_type="application/cap+xml",
            headers={"Authorization": f"Source {key or self.key}"},
        )  # fmt: skip


def reference(identifier: str) -> cap.Reference:
    at = cap.read_instant("2026-11-22T12:00:00+09:00", field="sent")
    return cap.Reference("kma@example", identifier, at)


def test_a_neighbours_alert_is_an_assessment_until_it_is_cancelled(desk: Desk) -> None:
    kma = Neighbour()
    assert kma.send(kma.message("k1")).status_code == 202
    row = Assessment.objects.get()
    assert (row.kind, row.source, row.state) == ("flood", "cap:kma", "new")
    update = kma.message("k2", message_type="Update", references=(reference("k1"),))
    assert kma.send(update).status_code == 202
    assert Assessment.objects.get().revision == 2
    cancel = kma.message("k3", message_type="Cancel", references=(reference("k1"),), infos=())
    assert kma.send(cancel).status_code == 202
    assert Assessment.objects.get().state == "over"
    late = kma.message("k4", message_type="Update", references=(reference("k1"),))
    assert kma.send(late).status_code == 400
    assert InboundCap.objects.count() == 3


def test_our_own_alert_does_not_come_back_as_another(desk: Desk) -> None:
    kma = Neighbour()
    notice = desk.issue()
    assert kma.send(notice.cap_xml.encode()).status_code == 409
    ours = cap.Reference(notice.sender, notice.identifier, reference("x").sent)
    echo = kma.message("k1", message_type="Update", references=(ours,))
    assert kma.send(echo).json()["type"] == "/problems/cap-loop"
    assert not Assessment.objects.exists()


def test_a_neighbour_is_held_to_its_key_its_name_and_once(desk: Desk) -> None:
    kma = Neighbour()
    assert kma.send(kma.message("k1"), key="a guess").status_code == 403
    assert kma.send(kma.message("k1", sender="somebody@example")).status_code == 400
    assert kma.send(b"<alert/>").status_code == 400
    assert kma.send(kma.message("t1", status="Test")).status_code == 202
    assert not Assessment.objects.exists()
    assert [kma.send(kma.message("k1")).status_code for _twice in range(2)] == [202, 409]
