"""What kind of day a date is, by the country's holidays and the city's own special days."""

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
    own = CalendarDay.objects.filter(day_on=day_on).values_list("kind", flat=True).first()
    if own:
        return DayKind(own)
    if day_on.weekday() == _SUNDAY or day_on in public_holidays(the_city().country, day_on.year):
        return DayKind.HOLIDAY
    return DayKind.SATURDAY if day_on.weekday() == _SATURDAY else DayKind.WORKING


@lru_cache(maxsize=64)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """A country's public holidays, substitute days included; none for a country not known."""
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
