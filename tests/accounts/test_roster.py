"""Who is called at three in the morning."""

from datetime import timedelta

import pytest

from apps.accounts import services
from apps.accounts.models import DutyShift
from apps.accounts.selectors.roster import on_duty
from apps.accounts.services.roster import AlreadyOnDuty
from apps.base.problems import Invalid
from tests.conftest import NOON
from tests.support.world import People

HOUR = timedelta(hours=1)


def plan(people: People, who: str, start: int, end: int, rank: int = 1) -> DutyShift:
    return services.plan_shift(
        department=people.safety, person=getattr(people, who),
        starts_at=NOON + start * HOUR, ends_at=NOON + end * HOUR, rank=rank,
    )  # fmt: skip


def test_the_first_rank_is_called_first(people: People) -> None:
    plan(people, "ben", 0, 8, rank=2)
    plan(people, "park", 0, 8)
    assert on_duty(people.safety, NOON + HOUR) == [people.park, people.ben]


@pytest.mark.parametrize(("hours", "stands_by"), [(-1, False), (0, True), (7, True), (8, False)])
def test_a_shift_holds_from_its_start_to_just_before_its_end(
    people: People, hours: int, stands_by: bool
) -> None:
    plan(people, "park", 0, 8)
    assert bool(on_duty(people.safety, NOON + hours * HOUR)) == stands_by


def test_another_department_has_people_of_its_own(people: People) -> None:
    plan(people, "park", 0, 8)
    traffic = services.open_department(code="traffic", names={"en": "Traffic"})
    assert on_duty(traffic, NOON) == []


def test_nobody_stands_by_twice_at_once(people: People) -> None:
    plan(people, "park", 0, 8)
    with pytest.raises(AlreadyOnDuty):
        plan(people, "park", 7, 9, rank=2)
    plan(people, "park", 8, 16)  # one shift after the other is fine


@pytest.mark.parametrize(
    ("start", "end", "rank", "field"), [(8, 8, 1, "ends_at"), (0, 8, 0, "rank")]
)
def test_it_refuses_a_shift_that_cannot_be(
    people: People, start: int, end: int, rank: int, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        plan(people, "park", start, end, rank)
    assert set(refused.value.errors) == {field}
