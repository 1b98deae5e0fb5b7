"""Where a complaint stands."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.commands import open_skill
from apps.assistant.core.messages import Button, Card, Output
from apps.assistant.core.slots import Context
from apps.assistant.skills.own_complaints import (
    AboutOneComplaint,
    Which,
    is_own,
    own_requests,
    screen_of,
)
from apps.assistant.skills.saying import digits_text, time_text
from apps.complaints.core.states import State
from apps.complaints.models import ServiceRequest

ANSWERED = (State.RESOLVED, State.REJECTED)


class WhichOrLast(Which):
    """Who has several and names none means the last."""

    def wanted(self, context: Context) -> bool:
        return not own_requests(context).exists() or bool(
            self._said(context.heard, context, asked=False)
        )


class ComplaintStatus(AboutOneComplaint):
    name: ClassVar[str] = "complaint_status"
    intents: ClassVar[tuple[str, ...]] = ("complaint_status",)
    menu_rank: ClassVar[int] = 2
    digresses: ClassVar[bool] = True
    own_only: ClassVar[bool] = False
    slots = (WhichOrLast(),)

    def title(self, context: Context) -> str:
        return _("My complaints")

    def perform(self, context: Context) -> Sequence[Output]:
        if "number" in context.slots:
            return [told(self.found(context), context)]
        rows = list(own_requests(context)[:3])
        return [told(row, context) for row in rows]


def told(row: ServiceRequest, context: Context) -> Output:
    facts = {
        "number": row.number,
        "service": row.service.name(context.language),
        "state": row.get_state_display(),
        "department": str(row.department),
    }
    text = _("%(number)s (%(service)s): %(state)s. In charge: %(department)s.") % facts
    parts = [text, *_more(row, context)]
    spoken = [
        _("%(number)s (%(service)s): %(state)s. In charge: %(department)s.")
        % (facts | {"number": digits_text(row.number)}),
        *parts[1:],
    ]
    return Output(
        text=" ".join(parts), spoken=" ".join(spoken), buttons=_what_next(row, context),
        card=Card(
            title=row.number, text=facts["state"], facts=((_("Kind"), facts["service"]),),
            link=screen_of(row, context),
        ),
    )  # fmt: skip


def _more(row: ServiceRequest, context: Context) -> list[str]:
    found = []
    if row.status_notes and is_own(row, context):
        found.append(_("The city says: “%s”.") % row.status_notes)
    if row.is_open and row.expected_at:
        found.append(_("An answer is due by %s.") % time_text(row.expected_at))
    if row.duplicate_of_id and row.duplicate_of:
        found.append(_("It repeats %s.") % row.duplicate_of.number)
    return found


def _what_next(row: ServiceRequest, context: Context) -> tuple[Button, ...]:
    """Of another's complaint one may hear what becomes of it."""
    if not is_own(row, context):
        follow = Button(_("Follow it"), open_skill("follow_complaint", row.number))
        return (follow,) if row.is_open else ()
    if row.state in ANSWERED:
        return (Button(_("Rate the answer"), open_skill("rate_complaint", row.number)),)
    withdraw = Button(_("Withdraw it"), open_skill("withdraw_complaint", row.number))
    return (withdraw,) if row.is_open else ()


skill = ComplaintStatus()
