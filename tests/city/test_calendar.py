"""What kind of day a date is in this city."""

from datetime import UTC, date, datetime

import pytest

from apps.base.clock import Hand
from apps.city.models import CalendarDay, City, DayKind, ImportRun
from apps.city.selectors.calendar import day_kind, today


@pytest.mark.parametrize(
    ("day_on", "kind"),
    [
        (date(2026, 11, 20), DayKind.WORKING),  # a Friday
        (date(2026, 11, 21), DayKind.SATURDAY),
        (date(2026, 11, 22), DayKind.HOLIDAY),  # a Sunday
        (date(2026, 1, 1), DayKind.HOLIDAY),  # New Year, a Thursday
        (date(2026, 2, 16), DayKind.HOLIDAY),  # Seollal by the moon
        (date(2026, 2, 17), DayKind.HOLIDAY),
        (date(2026, 3, 2), DayKind.HOLIDAY),  # for Independence Movement Day, a Sunday
        (date(2026, 5, 5), DayKind.HOLIDAY),  # Children's Day
        (date(2026, 9, 25), DayKind.HOLIDAY),  # Chuseok by the moon
        (date(2026, 10, 3), DayKind.HOLIDAY),  # Foundation Day, a Saturday
        (date(2026, 10, 9), DayKind.HOLIDAY),  # Hangeul Day
        (date(2026, 12, 24), DayKind.WORKING),
        (date(2026, 12, 25), DayKind.HOLIDAY),
    ],
)
def test_it_knows_the_countrys_holidays(corner: ImportRun, day_on: date, kind: DayKind) -> None:
    assert day_kind(day_on) == kind


def test_the_citys_own_word_comes_before_the_countrys(corner: ImportRun) -> None:
    festival, worked = date(2026, 11, 20), date(2026, 11, 22)
    CalendarDay.objects.create(day_on=festival, kind=DayKind.HOLIDAY, names={"": "달빛축제"})
    CalendarDay.objects.create(day_on=worked, kind=DayKind.WORKING)
    assert day_kind(festival) == DayKind.HOLIDAY
    assert day_kind(worked) == DayKind.WORKING


def test_a_country_without_a_calendar_has_its_sundays(corner: ImportRun) -> None:
    City.objects.update(country="XX")
    assert day_kind(date(2026, 1, 1)) == DayKind.WORKING
    assert day_kind(date(2026, 11, 22)) == DayKind.HOLIDAY


def test_today_is_the_citys_date_and_not_greenwichs(corner: ImportRun, hand: Hand) -> None:
    hand.set(datetime(2026, 11, 22, 14, 59, tzinfo=UTC))
    assert today() == date(2026, 11, 22)
    hand.set(datetime(2026, 11, 22, 15, 0, tzinfo=UTC))
    assert today() == date(2026, 11, 23)
