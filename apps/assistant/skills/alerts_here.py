"""What people are warned of here and now, and where to go."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.alerts.core.texts import Words
from apps.alerts.models import Alert
from apps.alerts.selectors.active import alerts_in_force
from apps.alerts.selectors.shelters import ways_out
from apps.assistant.core import whereabouts
from apps.assistant.core.commands import open_skill
from apps.assistant.core.messages import Button, Inbound, Kind, Output
from apps.assistant.core.slots import Answer, Context, Reading, Skill
from apps.assistant.skills.places import PlaceSlot
from apps.assistant.skills.saying import metres_text, minutes_text, time_text
from apps.base.names import pick
from apps.base.problems import Problem

SHOWN = 3


class NamedPlace(PlaceSlot):
    """Only where one is named; else the whole city is meant."""

    def wanted(self, context: Context) -> bool:
        return context.heard.kind in (Kind.TEXT, Kind.PLACE) and isinstance(
            self.read(context.heard, context, asked=False), Answer
        )

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        reading = super().read(heard, context, asked=asked)
        if reading is not None or heard.kind is not Kind.TEXT or context.last_place is None:
            return reading
        here = whereabouts.HERE_INSIDE.search(heard.text)
        return Answer(context.last_place.as_json()) if here else None


class AlertsHere(Skill):
    name: ClassVar[str] = "alerts_here"
    intents: ClassVar[tuple[str, ...]] = ("alerts_here",)
    menu_rank: ClassVar[int] = 7
    digresses: ClassVar[bool] = True
    slots = (NamedPlace(),)

    def title(self, context: Context) -> str:
        return _("Warnings")

    def perform(self, context: Context) -> Sequence[Output]:
        place = context.slots.get("place")
        point = (place["lon"], place["lat"]) if place else None
        here = list(alerts_in_force(point)[:SHOWN])
        if here:
            return [told(alert, point, context) for alert in here]
        if place is None:
            return [Output(text=_("No warning is in force in the city."))]
        elsewhere = alerts_in_force().count()
        text = _("No warning is in force at %s.") % place["label"]
        if elsewhere:
            text += " " + _("Elsewhere in the city there is one: ask for all warnings.")
        return [Output(text=text)]


def told(alert: Alert, point: tuple[float, float] | None, context: Context) -> Output:
    """Hazard, place, time, action; then the way to a shelter from where one is."""
    notice = alert.current
    assert notice is not None, "alerts in force have said something"
    said: dict[str, dict[str, str]] = notice.texts
    texts = said.get(context.language) or next(iter(said.values()), {})
    words = Words.read(texts)
    area = pick(notice.area_names, context.language) if notice.area_names else ""
    until = _("In force until %s.") % time_text(notice.expires_at)
    parts = [f"{words.headline}", words.instruction, words.description, area, until]
    if point is not None:
        parts.append(_shelter(alert, point, context))
    return Output(
        text="\n".join(part for part in parts if part),
        spoken=" ".join(part for part in (words.speech, until) if part),
        buttons=(
            Button(_("I am safe"), open_skill("i_am_safe")),
            Button(_("I need help"), open_skill("need_help")),
        ),
    )


def _shelter(alert: Alert, point: tuple[float, float], context: Context) -> str:
    try:
        ways = ways_out(alert, point, person=context.person)
    except Problem:
        return ""
    near = next((way for way in ways if way["duration_s"] is not None), None)
    if near is None:
        return ""
    text = _("Nearest shelter: %(name)s, %(length)s, about %(time)s on foot.")
    return text % {
        "name": near["name"], "length": metres_text(near["length_m"]),
        "time": minutes_text(near["duration_s"]),
    }  # fmt: skip


skill = AlertsHere()
