"""From an assessment to phones and back: draft, four eyes, issue, update, all-clear."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.utils import translation

from apps.alerts.admin.boards import report_in_words
from apps.alerts.core import cap
from apps.alerts.core.chains import Step
from apps.alerts.models import Alert, Notice, Policy
from apps.alerts.services.approving import (
    Halted,
    SecondPersonNeeded,
    TooWide,
    approve_notice,
    refuse_notice,
    submit_notice,
    wide_phrase,
)
from apps.alerts.services.drafting import (
    ChainEnded,
    draft_from_assessment,
    draft_next,
    drop_draft,
    edit_notice,
)
from apps.alerts.services.drills import draft_in_drill, end_drill, start_drill
from apps.alerts.services.halting import halt_alerts, release_alerts
from apps.alerts.services.keeping import end_expired
from apps.base import audit
from apps.base.clock import Hand
from apps.base.problems import Conflict, Invalid
from apps.city.models import Obstruction
from apps.hazards.services import end_assessment
from apps.notify.models import Chunk, Telling
from tests.alerts.conftest import LEE, PARK, Desk, box
from tests.notify.conftest import agree, register, save_place


def pushed() -> list[int]:
    """Registrations, in the order in which they were told."""
    rows = Chunk.objects.filter(transport="fcm").order_by("pk").values_list("recipients")
    return [pk for (recipients,) in rows for pk in recipients]


def test_an_assessment_becomes_an_alert_in_every_language(desk: Desk) -> None:
    notice = draft_from_assessment(assessment=desk.assess(), actor=PARK)
    assert notice.texts["ko"]["headline"] == "홍수: 강변동"
    assert notice.texts["en"]["headline"] == "Flood: Riverside"
    with pytest.raises(Conflict):
        draft_from_assessment(assessment=desk.assess(), actor=PARK)


def test_whoever_wrote_it_does_not_approve_it(desk: Desk) -> None:
    notice = submit_notice(code=desk.draft().code, actor=PARK)
    with pytest.raises(SecondPersonNeeded):
        approve_notice(code=notice.code, actor=PARK)
    assert not Telling.objects.exists()
    assert approve_notice(code=notice.code, actor=LEE).state == "issued"


def test_one_officer_alone_only_where_it_is_extreme_and_immediate(desk: Desk) -> None:
    mild = submit_notice(code=desk.draft().code, actor=PARK)
    with pytest.raises(SecondPersonNeeded):
        approve_notice(code=mild.code, actor=PARK, alone=True)
    worst = submit_notice(code=desk.draft(severity="Extreme").code, actor=PARK)
    assert approve_notice(code=worst.code, actor=PARK, alone=True).alone


def test_it_counts_before_it_sends(desk: Desk) -> None:
    register(locale="en")
    save_place(desk.people.halmeoni)
    save_place(desk.people.sora)
    counts = submit_notice(code=desk.draft().code, actor=PARK).counts
    assert counts is not None
    assert (counts["by_cell"], counts["by_place"], counts["persons"]) == (2, 2, 2)
    assert counts["languages"] == {"ko": 1, "en": 1}
    assert counts["mobility"] == {"walker_elderly": 1, "wheelchair_manual": 1}
    assert 0 < counts["over_reach"] < 1


def test_what_is_issued_is_cap_and_wakes_phones_by_polygon(desk: Desk) -> None:
    notice = desk.issue()
    message = cap.from_xml(notice.cap_xml.encode())
    assert (message.status, message.message_type) == ("Actual", "Alert")
    assert {info.language for info in message.infos} == {"ko", "en"}
    assert pushed() == [desk.phone.pk]
    told = Telling.objects.get()
    assert told.data["polygon"].startswith("37.4")
    assert (told.tag, told.version, told.critical) == (f"alert-{notice.alert.code.hex}", 1, True)


def test_approving_twice_sends_once(desk: Desk) -> None:
    notice = submit_notice(code=desk.draft().code, actor=PARK)
    for _twice in range(2):
        approve_notice(code=notice.code, actor=LEE, key="k")
    assert pushed() == [desk.phone.pk]


def test_an_update_names_what_came_before_and_rings_only_if_it_matters(desk: Desk) -> None:
    first = desk.issue()
    again = desk.follow(first.alert, Step.UPDATE)
    assert pushed() == [desk.phone.pk]
    worse = draft_next(alert=again.alert, step=Step.UPDATE, actor=PARK)
    edit_notice(code=worse.code, actor=PARK, changes={"severity": "Extreme"})
    desk.issue(worse)
    assert pushed() == [desk.phone.pk] * 2
    worse.refresh_from_db()
    names = [one.split(",")[1] for one in worse.references]
    assert names == [first.identifier, again.identifier]


def test_the_all_clear_reaches_everyone_who_was_warned_wherever_they_are(desk: Desk) -> None:
    first = desk.issue()
    desk.phone.cell = None
    desk.phone.save(update_fields=["cell"])
    desk.follow(first.alert, Step.ALL_CLEAR)
    assert pushed() == [desk.phone.pk] * 2
    first.alert.refresh_from_db()
    assert first.alert.state == "ended"
    assert "AllClear" in Notice.objects.latest("pk").cap_xml


@pytest.mark.parametrize("end", [Step.ALL_CLEAR, Step.CANCEL])
def test_nothing_follows_an_end(desk: Desk, end: Step) -> None:
    first = desk.issue()
    desk.follow(first.alert, end)
    first.alert.refresh_from_db()
    with pytest.raises(ChainEnded):
        draft_next(alert=first.alert, step=Step.UPDATE, actor=PARK)


def test_a_flood_lies_in_the_way_until_the_all_clear(desk: Desk) -> None:
    notice = draft_from_assessment(assessment=desk.assess(), actor=PARK)
    first = desk.issue(notice)
    obstruction = Obstruction.objects.get(source="alerts")
    assert (obstruction.kind, obstruction.depth_m, obstruction.is_open) == ("flood", 0.6, True)
    desk.follow(first.alert, Step.ALL_CLEAR)
    obstruction.refresh_from_db()
    assert not obstruction.is_open


def test_an_alert_nobody_prolongs_ends_by_itself(desk: Desk, hand: Hand) -> None:
    first = desk.issue()
    hand.move(timedelta(hours=7))
    assert end_expired() == 1
    first.alert.refresh_from_db()
    assert first.alert.state == "ended"
    assert not Obstruction.objects.open().exists()


def test_a_wide_alert_needs_its_phrase_typed(desk: Desk) -> None:
    notice = desk.draft(area=box(0.03))
    counts = submit_notice(code=notice.code, actor=PARK).counts
    assert counts is not None
    with pytest.raises(TooWide) as refused:
        approve_notice(code=notice.code, actor=LEE, confirmation="yes")
    assert refused.value.extra["phrase"] == wide_phrase(counts)
    approve_notice(code=notice.code, actor=LEE, confirmation=wide_phrase(counts))


def test_the_kill_switch_holds_everything_up(desk: Desk) -> None:
    desk.issue()
    halt_alerts(actor=LEE, reason="wrong city")
    assert not Chunk.objects.waiting().exists()
    second = submit_notice(code=desk.draft().code, actor=PARK)
    with pytest.raises(Halted):
        approve_notice(code=second.code, actor=LEE)
    release_alerts(actor=LEE)
    approve_notice(code=second.code, actor=LEE)


@pytest.mark.parametrize("status", ["Exercise", "Test"])
def test_tests_and_exercises_reach_the_desk_alone_and_close_no_street(
    desk: Desk, status: str
) -> None:
    notice = desk.issue(desk.draft(status=status))
    assert pushed() == []
    persons = Chunk.objects.filter(transport="inbox").values_list("recipients", flat=True)
    assert [pk for recipients in persons for pk in recipients] == [desk.people.park.pk]
    assert f"<status>{status}</status>" in notice.cap_xml
    assert Telling.objects.get().contents["en"]["title"].startswith(f"[{status}]")
    assert not Obstruction.objects.exists()


def test_a_drill_is_never_actual_and_ends_with_a_report(desk: Desk) -> None:
    drill = start_drill(name="Spring flood", department=desk.people.safety, actor=PARK)
    with pytest.raises(Conflict):
        desk.draft(drill=drill, status="Actual")
    desk.issue(draft_in_drill(drill=drill, assessment=desk.assess(), actor=PARK))
    report = end_drill(drill=drill, actor=PARK).report
    assert report is not None
    assert report["open_ends"] == ["No all-clear was given."]
    with translation.override("ko"):
        assert report_in_words(report)["open_ends"] == ["해제를 알리지 않았습니다."]
    assert report["alerts"][0]["notices"][0]["approved_by"] == LEE


def test_a_policy_agreed_beforehand_needs_no_second_person(desk: Desk) -> None:
    Policy.objects.create(name="Observed floods", kind="flood", agreed_by="the mayor")
    desk.assess("mild", severity="Moderate")
    desk.assess("severe")
    desk.work_off()
    (notice,) = Notice.objects.filter(state="issued")
    assert notice.alert.assessment is not None
    assert notice.alert.assessment.reference == "severe"
    assert "the mayor" in notice.approved_by


def test_a_policy_does_not_reach_beyond_its_area(desk: Desk) -> None:
    Policy.objects.create(
        name="Elsewhere", kind="flood", agreed_by="x", within=box(0.001, 127.22, 37.40)
    )
    desk.assess()
    desk.work_off()
    assert not Notice.objects.exists()


def test_when_the_danger_is_over_the_all_clear_is_drafted(desk: Desk) -> None:
    desk.issue(draft_from_assessment(assessment=desk.assess(), actor=PARK))
    end_assessment(source="water", reference="gauge-1")
    desk.work_off()
    assert Notice.objects.latest("pk").step == "all_clear"
    assert Notice.objects.latest("pk").state == "draft"


CROSSED = GEOSGeometry(
    "MULTIPOLYGON(((127.25 37.42,127.26 37.43,127.26 37.42,127.25 37.43,127.25 37.42)))"
)


@pytest.mark.parametrize(
    "area", [CROSSED, Point(127.25, 37.42), MultiPolygon(), box(0.001, 10, 10)]
)
def test_an_area_that_is_none_is_refused(desk: Desk, area: Any) -> None:
    with pytest.raises(Invalid):
        desk.draft(area=area)
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("language", "name", "text", "field"),
    [
        ("en", "instruction", "", "texts.en.instruction"),
        ("ko", "headline", "가" * 161, "texts.ko.headline"),
        ("ko", "short", "가" * 46, "texts.ko.short"),
    ],
)
def test_a_language_that_is_missing_or_too_long_is_refused(
    desk: Desk, language: str, name: str, text: str, field: str
) -> None:
    notice = desk.draft()
    texts = {code: dict(words) for code, words in notice.texts.items()}
    texts[language][name] = text
    edit_notice(code=notice.code, actor=PARK, changes={"texts": texts})
    with pytest.raises(Invalid) as refused:
        submit_notice(code=notice.code, actor=PARK)
    assert field in refused.value.errors


def test_a_refused_notice_goes_back_and_a_dropped_one_is_gone(desk: Desk) -> None:
    notice = submit_notice(code=desk.draft().code, actor=PARK)
    assert refuse_notice(code=notice.code, actor=LEE, reason="too wide").state == "draft"
    drop_draft(code=notice.code)
    assert Alert.objects.get().state == "dropped"


def test_halmeoni_who_has_no_phone_to_wake_is_called(desk: Desk, settings: Any) -> None:
    settings.VOICE_URL = "http://127.0.0.1:1/call"
    agree(desk.people.halmeoni, alerts_by_voice=True)
    save_place(desk.people.halmeoni)
    desk.issue()
    (call,) = Chunk.objects.filter(transport="voice")
    assert (call.recipients, call.language) == ([desk.people.halmeoni.pk], "ko")


def test_every_step_stands_in_the_chain(desk: Desk) -> None:
    first = desk.issue()
    desk.follow(first.alert, Step.ALL_CLEAR)
    assert audit.find_break() is None
