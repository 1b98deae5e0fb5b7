"""What kind of day a date is, by the country's holidays and the city's own special days."""

from collections.abc import Collection
from datetime import date
from functools import lru_cache

import holidays

from apps.base import clock
from apps.city.models import CalendarDay, DayKind, the_city

_SATURDAY, _SUNDAY = 5, 6


def today() -> date:
    """The city's date now."""
    return clock.now().astimezone(the_city().zone).date()


def day_kind(day_on: date) -> DayKind:
    """The city's own word on a day, else the country's calendar."""
    return day_kinds([day_on])[day_on]


def day_kinds(days: Collection[date]) -> dict[date, DayKind]:
    """The kinds of some days by one question each to the calendar and the city."""
    own = dict(CalendarDay.objects.filter(day_on__in=days).values_list("day_on", "kind"))
    country = the_city().country
    return {day: DayKind(own[day]) if day in own else _by_country(day, country) for day in days}


def _by_country(day_on: date, country: str) -> DayKind:
    if day_on.weekday() == _SUNDAY or day_on in public_holidays(country, day_on.year):
        return DayKind.HOLIDAY
    return DayKind.SATURDAY if day_on.weekday() == _SATURDAY else DayKind.WORKING


@lru_cache(maxsize=64)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """A country's public holidays, substitute days included; none for a country not known."""
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
