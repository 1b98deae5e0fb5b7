"""Hearing what becomes of a complaint, one's own or another's."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.messages import Output
from apps.assistant.core.slots import Context
from apps.assistant.skills.own_complaints import AboutOneComplaint, Which
from apps.assistant.skills.saying import digits_text, please_sign_in
from apps.complaints.services.feedback import follow_request


class FollowComplaint(AboutOneComplaint):
    name: ClassVar[str] = "follow_complaint"
    intents: ClassVar[tuple[str, ...]] = ("follow_complaint",)
    own_only: ClassVar[bool] = False
    slots = (Which(),)

    def title(self, context: Context) -> str:
        return _("Follow a complaint")

    def perform(self, context: Context) -> Sequence[Output]:
        row = self.found(context)
        if context.person is None:
            return [please_sign_in(_("tell you of changes"))]
        follow_request(request=row, person=context.person)
        text = _("You will hear of every change of %s.")
        return [Output(text=text % row.number, spoken=text % digits_text(row.number))]


skill = FollowComplaint()
