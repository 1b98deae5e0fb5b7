"""Answering an alert: safe, or in need of help. Whoever needs help hears first whom to call."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext as _

from apps.alerts.models import Alert, SafetyAnswer
from apps.alerts.selectors.active import alerts_in_force
from apps.alerts.services.answers import Answer as SafetyWords
from apps.alerts.services.answers import answer_alert
from apps.assistant.core.counts import people_in
from apps.assistant.core.emergencies import emergency_in
from apps.assistant.core.messages import Expect, Inbound, Kind, Output
from apps.assistant.core.slots import Answer, Context, Reading, Skill, Slot
from apps.assistant.skills.alerts_here import NamedPlace
from apps.assistant.skills.persons import person_for


class PeopleHere(Slot):
    """How many people; one if nothing is said."""

    name: ClassVar[str] = "people"

    def label(self, context: Context) -> str:
        return _("People")

    def wanted(self, context: Context) -> bool:
        return context.heard.kind is Kind.TEXT and people_in(context.heard.text) is not None

    def ask(self, context: Context) -> Output:
        return Output(text=_("How many of you?"), expects=Expect.DIGITS, digits=2)

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        count = people_in(heard.text, asked=asked) if heard.kind is Kind.TEXT else None
        return Answer(count) if count else None


def alert_meant(context: Context) -> Alert | None:
    """The alert at the place spoken of, else the newest in force."""
    place: dict[str, Any] | None = context.slots.get("place")
    if place is None and context.last_place is not None:
        place = context.last_place.as_json()
    if place is not None and (here := alerts_in_force((place["lon"], place["lat"])).first()):
        return here
    return alerts_in_force().first()


def answer(context: Context, alert: Alert, kind: str) -> bool:
    """Whether the answer could be noted: the city must know whose it is."""
    person = person_for(context)
    if person is None:
        return False
    place = context.slots.get("place") or {}
    words = SafetyWords(
        answer=kind, people=int(context.slots.get("people", 1)), note=context.heard.text[:300],
        lon=place.get("lon"), lat=place.get("lat"),
    )  # fmt: skip
    answer_alert(alert_code=alert.code, answer=words, person=person)
    return True


class IAmSafe(Skill):
    name: ClassVar[str] = "i_am_safe"
    intents: ClassVar[tuple[str, ...]] = ("i_am_safe",)
    digresses: ClassVar[bool] = True
    slots = (PeopleHere(),)

    def title(self, context: Context) -> str:
        return _("I am safe")

    def perform(self, context: Context) -> Sequence[Output]:
        alert = alert_meant(context)
        if alert is None:
            return [Output(text=_("Good to hear. No warning is in force, so I note nothing."))]
        if not answer(context, alert, SafetyAnswer.Answer.SAFE):
            text = _("Good to hear. Sign in to the app to let the rescuers know it, too.")
            return [Output(text=text)]
        return [Output(text=_("Good to hear. I have noted that you are safe."))]


class NeedHelp(Skill):
    name: ClassVar[str] = "need_help"
    intents: ClassVar[tuple[str, ...]] = ("need_help",)
    digresses: ClassVar[bool] = True
    slots = (NamedPlace(), PeopleHere())

    def title(self, context: Context) -> str:
        return _("I need help")

    def perform(self, context: Context) -> Sequence[Output]:
        """Whom to call first; then the rescuers' list, and a person of the city."""
        number = settings.EMERGENCY_NUMBER
        call = _("If anybody is in danger, call %s now.")
        first = [Output(text=call % number, spoken=call % " ".join(number))]
        if emergency_in(context.heard.text):  # it was said already, before anything else
            first = []
        context.wants_person = "danger"
        alert = alert_meant(context)
        if alert is not None and answer(context, alert, SafetyAnswer.Answer.NEED_HELP):
            text = _("I have put you on the rescuers' list, and called a person of the city.")
        else:
            text = _("I have called a person of the city. Tell them where you are.")
        return [*first, Output(text=text, ask_location=context.abilities.place)]


i_am_safe = IAmSafe()
need_help = NeedHelp()
