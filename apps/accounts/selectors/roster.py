"""Who stands by."""

from datetime import datetime

from apps.accounts.models import Department, DutyShift, Person


def shifts_on_duty(department: Department, at: datetime) -> list[DutyShift]:
    """The department's shifts at that instant, in the order in which to call."""
    shifts = DutyShift.objects.filter(department=department).at(at).select_related("person")
    return list(shifts.order_by("rank", "starts_at", "pk"))


def on_duty(department: Department, at: datetime) -> list[Person]:
    """Whom to call, first to last. Empty if nobody stands by."""
    return [shift.person for shift in shifts_on_duty(department, at)]
