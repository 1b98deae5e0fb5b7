"""What is asked last: a photo, and whether under one's name."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.messages import Button, Expect, Inbound, Kind, Output
from apps.assistant.core.slots import Answer, Context, Misunderstood, Reading, Slot
from apps.assistant.core.yes_no import said_yes
from apps.assistant.skills import answers
from apps.assistant.skills.filing.kind import service_of
from apps.complaints.services.filing import UNSORTED

NO_PHOTO = "photo:none"
CHOICE, KNOWN, ANONYMOUS = "contact:", "known", "anonymous"


class Unless(Slot):
    """Not asked of who follows another's report."""

    def wanted(self, context: Context) -> bool:
        return not context.slots.get("same_as")


class Photo(Unless):
    name: ClassVar[str] = "photo"

    def label(self, context: Context) -> str:
        return _("Photo")

    def wanted(self, context: Context) -> bool:
        return super().wanted(context) and context.abilities.photo and _can_be_seen(context)

    def ask(self, context: Context) -> Output:
        return Output(
            text=_("Do you have a photo? Send it, or go on without."),
            buttons=self._without(),
            expects=Expect.PHOTO,
        )

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if heard.kind is Kind.MEDIA:
            return Answer(heard.media)
        if not asked:
            return None
        has_one = said_yes(heard, context)
        if heard.choice == NO_PHOTO or has_one is False:
            return Answer("")
        if heard.kind is Kind.TEXT and answers.is_without(heard.text):
            return Answer("")
        return Misunderstood(self._wait()) if has_one else None

    def _wait(self) -> Output:
        return Output(
            text=_("Good. Please send it now."), buttons=self._without(), expects=Expect.PHOTO
        )

    def _without(self) -> tuple[Button, ...]:
        return (Button(_("Without a photo"), NO_PHOTO),)


def _can_be_seen(context: Context) -> bool:
    service = service_of(context)
    return service is not None and (service.needs_place or service.service_code == UNSORTED)


class Contact(Unless):
    """Under one's name, so that one is told; or anonymously. Asked by telephone only: elsewhere
    the read-back says whose name it bears and has a button against it."""

    name: ClassVar[str] = "contact"

    def label(self, context: Context) -> str:
        return _("Name or anonymous")

    def wanted(self, context: Context) -> bool:
        if not super().wanted(context) or context.person is None:
            return False
        return context.abilities.speech or self._said(context.heard) != ""

    def ask(self, context: Context) -> Output:
        return Output(
            text=_("Shall we tell you what becomes of it, or do you want to stay anonymous?"),
            buttons=(
                Button(_("Tell me"), f"{CHOICE}{KNOWN}"),
                Button(_("Stay anonymous"), f"{CHOICE}{ANONYMOUS}"),
            ),
            expects=Expect.CHOICE,
            words=(_("Tell me"), _("Stay anonymous")),
            digits=1,
        )

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if said := self._said(heard):
            return Answer(said)
        if not asked:
            return None
        if heard.digits:
            return {"1": Answer(KNOWN), "2": Answer(ANONYMOUS)}.get(heard.digits)
        known = said_yes(heard, context)
        return None if known is None else Answer(KNOWN if known else ANONYMOUS)

    def _said(self, heard: Inbound) -> str:
        """What words or a button say of it by themselves."""
        if heard.choice.startswith(CHOICE):
            return heard.choice.removeprefix(CHOICE)
        if heard.kind is not Kind.TEXT:
            return ""
        if answers.is_anonymous(heard.text):
            return ANONYMOUS
        return KNOWN if answers.wants_news(heard.text) else ""


def reporter(context: Context) -> Any:
    """Under whose name it goes."""
    is_known = context.slots.get(Contact.name, KNOWN) == KNOWN
    return context.person if is_known else None


def stay_anonymous(context: Context) -> tuple[Button, ...]:
    """The button beside a read-back that bears one's name."""
    if reporter(context) is None or Contact.name in context.slots:
        return ()
    return (Button(_("Stay anonymous"), f"{CHOICE}{ANONYMOUS}"),)
