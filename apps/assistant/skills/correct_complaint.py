"""Adding to a complaint that is filed, or putting it right: the department reads it at once."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.messages import Expect, Inbound, Kind, Output
from apps.assistant.core.slots import Answer, Context, Reading, Slot
from apps.assistant.skills.own_complaints import AboutOneComplaint
from apps.assistant.skills.withdraw_complaint import WhichOpen
from apps.complaints.services.moving import add_words


class Addition(Slot):
    name: ClassVar[str] = "words"
    volunteered: ClassVar[bool] = False
    free_text: ClassVar[bool] = True

    def label(self, context: Context) -> str:
        return _("What to add")

    def ask(self, context: Context) -> Output:
        return Output(text=_("What shall I add, or put right?"), expects=Expect.TEXT)

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        return Answer(heard.text) if asked and heard.kind is Kind.TEXT else None


class CorrectComplaint(AboutOneComplaint):
    name: ClassVar[str] = "correct_complaint"
    intents: ClassVar[tuple[str, ...]] = ("correct",)
    slots = (WhichOpen(), Addition())

    def title(self, context: Context) -> str:
        return _("Correct a complaint")

    def perform(self, context: Context) -> Sequence[Output]:
        row = self.found(context)
        add_words(request=row, text=context.slots["words"], actor=context.actor)
        text = _("I have added it to %s. The department reads it.")
        return [Output(text=text % row.number)]


skill = CorrectComplaint()
