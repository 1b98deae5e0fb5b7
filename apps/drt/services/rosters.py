"""Shifts made from patterns, two weeks ahead, and who drives them."""

from datetime import date, datetime, timedelta

from django.db import transaction

from apps.base import clock
from apps.base.problems import Conflict
from apps.city.models import DayKind, the_city
from apps.city.selectors.calendar import day_kinds
from apps.drt.core.lifecycle import Duty
from apps.drt.core.rostering import Duty as ToDrive
from apps.drt.core.rostering import Hand, assigned
from apps.drt.models import Driver, Service, Shift, ShiftPattern
from apps.drt.services.log import note
from apps.drt.services.provisioning import BreakPlan, open_shift
from apps.drt.snapshot import seconds

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ROSTER = "roster"


def roll_out_shifts(service_code: str) -> int:
    """Make the shifts of the days one can book for, and find drivers. Returns how many are new."""
    service = Service.objects.get(code=service_code)
    today = clock.now().astimezone(the_city().zone).date()
    days = [today + n * DAY for n in range(service.ahead_days + 2)]
    kinds = day_kinds(days)
    patterns = ShiftPattern.objects.filter(vehicle__service=service, retired_at=None)
    made = sum(
        _made(pattern, day)
        for pattern in patterns.select_related("vehicle__depot", "vehicle__service", "calendar")
        for day in days
        if pattern.calendar.runs_on(day, is_holiday=kinds[day] == DayKind.HOLIDAY)
    )
    if made:
        assign_drivers(service_code=service_code)
    return made


def _made(pattern: ShiftPattern, day_on: date) -> bool:
    """One day's shift, unless it is there, is over, or its vehicle is busy."""
    zone = the_city().zone
    midnight = datetime(day_on.year, day_on.month, day_on.day, tzinfo=zone)
    starts_at, ends_at = (midnight + n * MINUTE for n in (pattern.starts_min, pattern.ends_min))
    if ends_at <= clock.now() or pattern.shifts.filter(starts_at=starts_at).exists():
        return False
    try:
        open_shift(
            vehicle=pattern.vehicle, starts_at=starts_at, ends_at=ends_at, pattern=pattern,
            breaks=_breaks(pattern, midnight),
        )  # fmt: skip
    except Conflict:
        return False
    return True


def _breaks(pattern: ShiftPattern, midnight: datetime) -> list[BreakPlan]:
    if pattern.break_from_min is None or pattern.break_by_min is None:
        return []
    return [
        BreakPlan(
            earliest_at=midnight + pattern.break_from_min * MINUTE,
            latest_at=midnight + pattern.break_by_min * MINUTE,
            lasts_s=pattern.break_lasts_min * 60,
        )
    ]


@transaction.atomic
def assign_drivers(*, service_code: str) -> int:
    """Give every planned shift without a driver one, where the rules of rest allow it. Whoever is
    assigned stays. Returns how many shifts got a driver."""
    service = Service.objects.get(code=service_code)
    rows = Shift.objects.filter(
        vehicle__service=service, duty=Duty.PLANNED, starts_at__gt=clock.now()
    )
    shifts = list(rows.select_related("pattern__driver", "driver").order_by("pk"))
    hands = [
        Hand(str(driver.pk), driver.weekly_min)
        for driver in Driver.objects.filter(service=service, retired_at=None).order_by("pk")
    ]
    monday = clock.now().astimezone(the_city().zone)
    monday = monday.replace(hour=0, minute=0, second=0, microsecond=0) - monday.weekday() * DAY
    found = assigned([_to_drive(one) for one in shifts], hands, week_from_s=seconds(monday))
    return sum(_given(one, found) for one in shifts)


def _to_drive(shift: Shift) -> ToDrive:
    usual = shift.pattern.driver_id if shift.pattern else None
    return ToDrive(
        shift_id=str(shift.pk),
        starts_s=seconds(shift.starts_at),
        ends_s=seconds(shift.ends_at),
        usual=str(usual) if usual else "",
        fixed=str(shift.driver_id) if shift.driver_id else "",
    )


def _given(shift: Shift, found: dict[str, str]) -> bool:
    driver = found.get(str(shift.pk))
    if driver is None or shift.driver_id is not None:
        return False
    Shift.objects.filter(pk=shift.pk, driver=None).update(driver_id=int(driver))
    note("rostered", service=shift.vehicle.service, actor=ROSTER, shift=shift)
    return True
