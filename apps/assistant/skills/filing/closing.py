"""What is asked last: a photo, and whether under one's name."""

from typing import ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.messages import Button, Expect, Inbound, Kind, Output
from apps.assistant.core.slots import Answer, Context, Reading, Slot
from apps.assistant.core.yes_no import said_yes
from apps.assistant.skills import answers


class Unless(Slot):
    """Not asked of who follows another's report."""

    def wanted(self, context: Context) -> bool:
        return not context.slots.get("same_as")


class Photo(Unless):
    name: ClassVar[str] = "photo"

    def label(self, context: Context) -> str:
        return _("Photo")

    def wanted(self, context: Context) -> bool:
        return super().wanted(context) and context.abilities.photo

    def ask(self, context: Context) -> Output:
        return Output(
            text=_("Do you have a photo? Send it, or go on without."),
            buttons=(Button(_("Without a photo"), "photo:none"),),
            expects=Expect.PHOTO,
        )

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if heard.kind is Kind.MEDIA:
            return Answer(heard.media)
        if not asked:
            return None
        if heard.choice == "photo:none" or said_yes(heard, context) is False:
            return Answer("")
        return Answer("") if heard.kind is Kind.TEXT and answers.is_without(heard.text) else None


class Contact(Unless):
    """Under one's name, so that one is told; or anonymously."""

    name: ClassVar[str] = "contact"

    def label(self, context: Context) -> str:
        return _("Name or anonymous")

    def wanted(self, context: Context) -> bool:
        return super().wanted(context) and context.person is not None

    def ask(self, context: Context) -> Output:
        return Output(
            text=_("Shall we tell you what becomes of it, or do you want to stay anonymous?"),
            buttons=(
                Button(_("Tell me"), "contact:known"),
                Button(_("Stay anonymous"), "contact:anonymous"),
            ),
            expects=Expect.CHOICE,
            words=(_("Tell me"), _("Stay anonymous")),
            digits=1,
        )

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if heard.kind is Kind.TEXT and answers.is_anonymous(heard.text):
            return Answer("anonymous")
        if not asked:
            return None
        if heard.choice.startswith("contact:"):
            return Answer(heard.choice.removeprefix("contact:"))
        if heard.digits:
            return {"1": Answer("known"), "2": Answer("anonymous")}.get(heard.digits)
        known = said_yes(heard, context)
        if known is None and answers.wants_news(heard.text):
            known = True
        return None if known is None else Answer("known" if known else "anonymous")
