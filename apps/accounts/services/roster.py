"""The duty roster is planned."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Department, DutyShift, Person
from apps.base.problems import Conflict, Invalid


class AlreadyOnDuty(Conflict):
    slug = "already-on-duty"
    title = _("This person already stands by for the department then.")


def plan_shift(
    *, department: Department, person: Person, starts_at: datetime, ends_at: datetime, rank: int = 1
) -> DutyShift:
    """Put a person on duty; rank 1 is called first.

    Raises:
        Invalid: it ends before it starts, or the rank is below 1.
        AlreadyOnDuty: it overlaps another shift of the same person there.
    """
    if ends_at <= starts_at:
        raise Invalid(errors={"ends_at": _("A shift ends after it starts.")})
    if rank < 1:
        raise Invalid(errors={"rank": _("Ranks start at 1.")})
    try:
        with transaction.atomic():
            return DutyShift.objects.create(
                department=department,
                person=person,
                starts_at=starts_at,
                ends_at=ends_at,
                rank=rank,
            )
    except IntegrityError as error:
        raise AlreadyOnDuty from error
