"""Saying how the city's answer was; who is not content may have it opened again."""

from collections.abc import Sequence
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.assistant.core.counts import points_in
from apps.assistant.core.messages import Button, Expect, Inbound, Kind, Output
from apps.assistant.core.slots import Answer, Context, Reading, Slot
from apps.assistant.core.yes_no import said_yes
from apps.assistant.skills.own_complaints import AboutOneComplaint, Which
from apps.assistant.skills.saying import yes_and_no
from apps.complaints.core.states import State
from apps.complaints.models import ServiceRequest
from apps.complaints.services.feedback import give_feedback

POOR = 2
ANSWERED = (State.RESOLVED, State.REJECTED)


class WhichAnswered(Which):
    def candidates(self, context: Context) -> QuerySet[ServiceRequest]:
        return super().candidates(context).filter(state__in=ANSWERED)


class Points(Slot):
    name: ClassVar[str] = "score"

    def label(self, context: Context) -> str:
        return _("Points")

    def ask(self, context: Context) -> Output:
        buttons = tuple(Button("★" * points, f"score:{points}") for points in range(5, 0, -1))
        return Output(
            text=_("How was the answer, from 1 (bad) to 5 (very good)?"),
            buttons=buttons, expects=Expect.DIGITS, digits=1,
        )  # fmt: skip

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        points: int | None = None
        if heard.kind is Kind.CHOICE and asked:
            points = points_in(heard.choice.removeprefix("score:"), asked=True)
        elif heard.kind is Kind.DIGITS and asked:
            points = points_in(heard.digits, asked=True)
        elif heard.kind is Kind.TEXT:
            points = points_in(heard.text, asked=asked)
        return None if points is None else Answer(points)


class OpenAgain(Slot):
    """Asked of who is not content: what is still wrong, if it shall be looked at again."""

    name: ClassVar[str] = "reopen"
    volunteered: ClassVar[bool] = False
    free_text: ClassVar[bool] = True

    def label(self, context: Context) -> str:
        return _("What is still wrong")

    def wanted(self, context: Context) -> bool:
        return int(context.slots.get("score", 5)) <= POOR

    def ask(self, context: Context) -> Output:
        return Output(
            text=_("I am sorry. If it shall be looked at again, say what is still wrong."),
            buttons=yes_and_no(_("Open it again"), _("Leave it closed"))[1:],
            expects=Expect.TEXT,
        )

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if not asked:
            return None
        if said_yes(heard, context) is False:
            return Answer("")
        return Answer(heard.text) if heard.kind is Kind.TEXT else None


class RateComplaint(AboutOneComplaint):
    name: ClassVar[str] = "rate_complaint"
    intents: ClassVar[tuple[str, ...]] = ("rate_complaint",)
    slots = (WhichAnswered(), Points(), OpenAgain())

    def title(self, context: Context) -> str:
        return _("Rate an answer")

    def perform(self, context: Context) -> Sequence[Output]:
        row, why = self.found(context), context.slots.get("reopen", "")
        reopen = bool(why)
        give_feedback(
            request=row, score=context.slots["score"], text=why, reopen=reopen,
            actor=context.actor, key=context.command_key,
        )  # fmt: skip
        if reopen:
            return [Output(text=_("Thank you. %s is open again.") % row.number)]
        return [Output(text=_("Thank you for your judgement; it helps the city to do better."))]


skill = RateComplaint()
