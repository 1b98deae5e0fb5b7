"""Time that runs out is said in time: at half, at 80 %, and when it is over."""

from django.db import transaction

from apps.complaints.services import telling
from apps.complaints.services.clocks import due_warnings, note_warning

_WHAT = {50: "half", 80: "late", 100: "over"}


@transaction.atomic
def warn_of_time() -> int:
    """Called every minute. Returns how many warnings were given."""
    warned = 0
    for row in due_warnings():
        used = note_warning(row)
        if used in _WHAT:
            telling.tell_staff(row.request, _WHAT[used])
            warned += 1
    return warned
