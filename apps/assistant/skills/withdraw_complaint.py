"""Taking a complaint back."""

from collections.abc import Sequence
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.assistant.core.messages import Output
from apps.assistant.core.slots import Context
from apps.assistant.skills.own_complaints import AboutOneComplaint, Which, brief
from apps.assistant.skills.saying import digits_text, yes_and_no
from apps.complaints.core.states import OPEN
from apps.complaints.models import ServiceRequest
from apps.complaints.services.moving import withdraw_request


class WhichOpen(Which):
    def candidates(self, context: Context) -> QuerySet[ServiceRequest]:
        return super().candidates(context).filter(state__in=OPEN)


class WithdrawComplaint(AboutOneComplaint):
    name: ClassVar[str] = "withdraw_complaint"
    intents: ClassVar[tuple[str, ...]] = ("withdraw_complaint",)
    undoes: ClassVar[bool] = True
    slots = (WhichOpen(),)

    def title(self, context: Context) -> str:
        return _("Withdraw a complaint")

    def read_back(self, context: Context) -> Output | None:
        row = self.found(context)
        text = _("Shall I take back %(number)s (%(what)s)?")
        facts = {"number": row.number, "what": brief(row, context.language)}
        return Output(
            text=text % facts,
            spoken=text % (facts | {"number": digits_text(row.number)}),
            buttons=yes_and_no(_("Yes, withdraw it"), _("No, leave it")),
        )

    def perform(self, context: Context) -> Sequence[Output]:
        row = self.found(context)
        withdraw_request(request=row, actor=context.actor, key=context.command_key)
        return [Output(text=_("%s is withdrawn.") % row.number)]


skill = WithdrawComplaint()
