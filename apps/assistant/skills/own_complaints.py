"""Whose complaint it is, and which one is meant."""

from typing import ClassVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.assistant.core.counts import complaint_number_in
from apps.assistant.core.messages import Button, Expect, Inbound, Kind, Output
from apps.assistant.core.slots import Answer, Context, Misunderstood, Reading, Skill, Slot
from apps.assistant.models import Deed
from apps.assistant.services.deeds import deeds_in
from apps.assistant.skills import answers
from apps.base.problems import NotFound
from apps.base.screens import report_screen
from apps.complaints.core.states import State
from apps.complaints.models import ServiceRequest
from apps.complaints.services.filing import find_request

OFFERED = 3
LETTERS = 24
DIGITS = 12


def own_requests(context: Context) -> QuerySet[ServiceRequest]:
    """What whoever speaks here reported: by this channel, or as a known person."""
    mine = Q(code__in=deeds_in(context.conversation, Deed.Kind.COMPLAINT))
    if context.person is not None and context.verified:
        mine |= Q(reporter=context.person)
    rows = ServiceRequest.objects.filter(mine).exclude(state=State.ANONYMISED)
    return rows.select_related("service__group", "department", "clock").order_by("-requested_at")


def is_own(row: ServiceRequest, context: Context) -> bool:
    return own_requests(context).filter(pk=row.pk).exists()


def brief(row: ServiceRequest, language: str) -> str:
    """A complaint in a line, to tell it from others."""
    words = row.description[:LETTERS] + ("…" if len(row.description) > LETTERS else "")
    return f"{row.service.name(language)}: {words}" if words else row.service.name(language)


def screen_of(row: ServiceRequest, context: Context) -> str:
    """Where the app shows it, if it would show it to whoever speaks here."""
    is_mine = context.person is not None and row.reporter_id == context.person.pk
    return report_screen(row.number) if is_mine or row.visible() else ""


class Which(Slot):
    """The complaint meant: by its number, or one's only one, or one of the last few."""

    name: ClassVar[str] = "number"

    def label(self, context: Context) -> str:
        return _("Complaint")

    def candidates(self, context: Context) -> QuerySet[ServiceRequest]:
        """Those that may be meant where no number is said."""
        return own_requests(context)

    def ask(self, context: Context) -> Output:
        found = list(self.candidates(context)[:OFFERED])
        context.notes["numbers"] = [row.number for row in found]
        buttons = tuple(
            Button(brief(row, context.language), f"number:{row.number}") for row in found
        )
        unknown = _("I see no complaint of yours here. What is its number?")
        text = _("Which complaint is it?") if found else unknown
        return Output(
            text=text, buttons=buttons, expects=Expect.DIGITS, digits=DIGITS,
            words=tuple(button.label for button in buttons),
        )  # fmt: skip

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        said = self._said(heard, context, asked=asked)
        if said:
            return self._checked(said, context)
        if asked:
            return None
        only = list(self.candidates(context)[:2])
        return Answer(only[0].number) if len(only) == 1 else None

    def _said(self, heard: Inbound, context: Context, *, asked: bool) -> str:
        offered: list[str] = context.notes.get("numbers", [])
        if heard.kind is Kind.CHOICE and asked:
            return heard.choice.removeprefix("number:")
        if heard.kind is Kind.DIGITS and asked:
            at = int(heard.digits[:2]) - 1
            return offered[at] if len(heard.digits) == 1 and at < len(offered) else heard.digits
        if heard.kind is not Kind.TEXT:
            return ""
        if number := complaint_number_in(heard.text) or context.entity("reference"):
            return number
        if not asked or not offered:
            return ""
        rows = {row.number: row for row in own_requests(context).filter(number__in=offered)}
        labels = [brief(rows[one], context.language) if one in rows else "" for one in offered]
        chosen = answers.one_of(heard.text, labels)
        return "" if chosen is None else offered[chosen]

    def _checked(self, number: str, context: Context) -> Reading:
        try:
            row = find_request(number)
        except NotFound as problem:
            return Misunderstood(
                Output(text=str(problem.detail), expects=Expect.DIGITS, digits=DIGITS)
            )
        if not (row.visible() or is_own(row, context)):
            return Misunderstood(
                Output(text=str(NotFound.title), expects=Expect.DIGITS, digits=DIGITS)
            )
        return Answer(row.number)


class AboutOneComplaint(Skill):
    """A skill about a complaint that exists; `found` is the row, checked to be one's own."""

    own_only: ClassVar[bool] = True

    def found(self, context: Context) -> ServiceRequest:
        row = find_request(context.slots["number"])
        if self.own_only and not is_own(row, context):
            raise NotFound(
                _("This complaint was not filed by you here. Please use the app, or ask a person.")
            )
        return row
