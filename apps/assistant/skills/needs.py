"""The slot for special needs: taken where they are said, never asked for."""

from typing import ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.messages import Expect, Inbound, Kind, Output
from apps.assistant.core.needs import needs_in
from apps.assistant.core.slots import Answer, Context, Reading, Slot


class NeedsSlot(Slot):
    name: ClassVar[str] = "needs"

    def label(self, context: Context) -> str:
        return _("What you need")

    def wanted(self, context: Context) -> bool:
        return context.heard.kind is Kind.TEXT and bool(needs_in(context.heard.text))

    def ask(self, context: Context) -> Output:
        return Output(text=_("What do you need? A wheelchair, a pushchair …"), expects=Expect.TEXT)

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        found = needs_in(heard.text) if heard.kind is Kind.TEXT else ()
        return Answer(list(found)) if found else None


def needs(context: Context) -> list[str]:
    return list(context.slots.get("needs", []))
