"""Requests move by the table, with clock, history, obstruction and news."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import Department
from apps.base.clock import Hand
from apps.base.problems import Conflict, Invalid, NotAllowed, Problem
from apps.city.models import Obstruction
from apps.complaints.core.states import State, Who
from apps.complaints.models import ServiceRequest, StatusChange
from apps.complaints.services.feedback import give_feedback
from apps.complaints.services.moving import (
    add_words,
    assign_request,
    extend_period,
    move_request,
    reopen_request,
    withdraw_request,
)
from apps.notify.models import Telling
from tests.complaints.conftest import Town


def staff_move(request: ServiceRequest, after: str, **more: Any) -> ServiceRequest:
    who = more.pop("who", Who.STAFF)
    return move_request(
        request=request, after=after, who=who, actor=more.pop("actor", "officer"), **more
    )


def news_about(request: ServiceRequest) -> list[str]:
    rows = Telling.objects.filter(cause=f"complaint:{request.number}").order_by("pk")
    return [row.key.split(":")[2] for row in rows]


@pytest.fixture
def kerb(town: Town) -> ServiceRequest:
    return town.file(by=town.people.minjun)


def test_the_whole_way_of_a_report(town: Town, kerb: ServiceRequest, hand: Hand) -> None:
    staff_move(kerb, State.IN_PROGRESS)
    hand.move(timedelta(days=1))
    done = staff_move(kerb, State.RESOLVED, public_note="턱을 낮췄습니다")

    assert (done.state, done.status_notes) == ("resolved", "턱을 낮췄습니다")
    done.clock.refresh_from_db()
    assert done.clock.stopped_at == done.closed_at
    give_feedback(request=done, score=1, text="아직 그대로예요", reopen=True, actor="minjun")
    kerb.refresh_from_db()
    assert (kerb.state, kerb.closed_at) == ("reopened", None)
    assert kerb.feedback.get().reopened
    assert news_about(kerb) == ["received", "in_progress", "resolved", "reopened"]


def test_a_request_is_reopened_within_thirty_days_and_not_later(
    kerb: ServiceRequest, hand: Hand
) -> None:
    staff_move(kerb, State.RESOLVED, public_note="done")
    hand.move(timedelta(days=30, minutes=1))

    with pytest.raises(Conflict):
        reopen_request(request=kerb, actor="minjun", reason="still broken")


@pytest.mark.parametrize(
    ("after", "given", "problem"),
    [
        ("resolved", {}, Invalid),
        ("resolved", {"public_note": "x" * 1001}, Invalid),
        ("rejection_proposed", {"public_note": "no"}, Invalid),
        ("rejected", {"public_note": "no"}, Conflict),
        ("anonymised", {}, Conflict),
        ("withdrawn", {}, NotAllowed),
    ],
)
def test_a_move_that_may_not_be_changes_nothing(
    kerb: ServiceRequest, after: str, given: dict[str, str], problem: type[Problem]
) -> None:
    with pytest.raises(problem):
        staff_move(kerb, after, **given)

    kerb.refresh_from_db()
    assert kerb.state == "received"
    assert kerb.changes.count() == 1


def test_a_refusal_takes_two(kerb: ServiceRequest) -> None:
    staff_move(kerb, State.REJECTION_PROPOSED, reason="not ours", public_note="소관이 아닙니다")

    with pytest.raises(NotAllowed):
        staff_move(kerb, State.REJECTED, who=Who.SECOND_STAFF, actor="officer")
    refused = staff_move(kerb, State.REJECTED, who=Who.SECOND_STAFF, actor="chief")

    assert refused.state == "rejected"


def test_the_clock_stands_still_while_the_citizen_is_asked(
    kerb: ServiceRequest, hand: Hand
) -> None:
    before = kerb.clock.due_at
    staff_move(kerb, State.WAITING_CITIZEN, public_note="어느 쪽 턱인가요?")
    hand.move(timedelta(days=14))

    answered = add_words(request=kerb, text="북쪽입니다", actor="minjun")

    answered.clock.refresh_from_db()
    assert answered.state == "triaged"
    assert answered.clock.due_at - before >= timedelta(days=13)
    assert answered.expected_at == answered.clock.due_at


def test_a_period_is_extended_twice_with_notice(kerb: ServiceRequest) -> None:
    first = extend_period(request=kerb, actor="officer", reason="자재를 기다립니다")
    second = extend_period(request=kerb, actor="officer", reason="비가 옵니다")

    assert second.expected_at > first.expected_at  # type: ignore[operator]
    with pytest.raises(Conflict):
        extend_period(request=kerb, actor="officer", reason="once more")
    assert news_about(kerb).count("extended") == 2


def test_an_extension_after_the_time_is_refused(kerb: ServiceRequest, hand: Hand) -> None:
    hand.move(timedelta(days=60))
    with pytest.raises(Conflict):
        extend_period(request=kerb, actor="officer", reason="late")


def test_a_hand_over_says_why_and_is_kept(town: Town, kerb: ServiceRequest) -> None:
    other = Department.objects.get(code="building")
    with pytest.raises(Invalid):
        assign_request(request=kerb, department=other, actor="officer")

    assign_request(request=kerb, department=other, actor="officer", reason="사유지입니다")

    kerb.refresh_from_db()
    assert kerb.department == other
    assert kerb.assignments.get().reason == "사유지입니다"


def test_work_confirms_the_obstruction_and_the_end_closes_it(kerb: ServiceRequest) -> None:
    barrier = Obstruction.objects.get(reference=kerb.number)
    staff_move(kerb, State.IN_PROGRESS)
    barrier.refresh_from_db()
    assert barrier.state == "confirmed"

    staff_move(kerb, State.RESOLVED, public_note="done")

    barrier.refresh_from_db()
    assert barrier.state == "closed"


def test_a_withdrawal_repeated_by_its_key_is_one(kerb: ServiceRequest) -> None:
    for _ in range(2):
        withdraw_request(request=kerb, actor="minjun", key="w1")
    kerb.refresh_from_db()
    assert kerb.state == "withdrawn"
    assert kerb.changes.count() == 2


def test_history_can_be_neither_changed_nor_removed(kerb: ServiceRequest) -> None:
    rows = StatusChange.objects.filter(request=kerb)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(move="received>triaged")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(at=kerb.requested_at + timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


def test_the_database_knows_the_table_too(kerb: ServiceRequest) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusChange.objects.create(
            request=kerb, move="received>rejected", state="rejected", at=kerb.requested_at,
            actor="x",
        )  # fmt: skip


def test_what_staff_say_is_masked_as_well(kerb: ServiceRequest) -> None:
    moved = staff_move(kerb, State.WAITING_CITIZEN, public_note="010-1234-5678로 연락 주세요")
    assert moved.status_notes == "[phone]로 연락 주세요"
