"""The city's clock and kinds of day, as traffic knows them: working days and free ones."""

from datetime import datetime

from apps.city.models import DayKind, the_city
from apps.city.selectors.calendar import day_kind


def local(at: datetime) -> datetime:
    return at.astimezone(the_city().zone)


def is_working(at: datetime) -> bool:
    return day_kind(local(at).date()) == DayKind.WORKING
