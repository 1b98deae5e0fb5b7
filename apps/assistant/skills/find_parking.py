"""Where to park near a place now, with the age of every number."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.assistant.core.commands import open_skill
from apps.assistant.core.messages import Button, Card, Output
from apps.assistant.core.slots import Context, Skill
from apps.assistant.skills.needs import NeedsSlot, needs
from apps.assistant.skills.places import PlaceSlot
from apps.assistant.skills.saying import age_text, metres_text
from apps.base.names import pick
from apps.base.screens import site_screen
from apps.parking.models import Category
from apps.parking.services.explanations import money
from apps.parking.services.nearby import Question, sites_near

SHOWN = 3
NEAR_M = 2_000


class ParkingPlace(PlaceSlot):
    def question(self, context: Context) -> str:
        return _("Near which place do you want to park?")


class FindParking(Skill):
    name: ClassVar[str] = "find_parking"
    intents: ClassVar[tuple[str, ...]] = ("find_parking",)
    menu_rank: ClassVar[int] = 3
    digresses: ClassVar[bool] = True
    slots = (ParkingPlace(), NeedsSlot())

    def title(self, context: Context) -> str:
        return _("Find parking")

    def perform(self, context: Context) -> Sequence[Output]:
        place = context.slots["place"]
        found = sites_near(question_of(place, context, limit=SHOWN))
        if not found:
            text = _("I know of no car park within %(away)s of %(place)s.")
            return [Output(text=text % {"away": metres_text(NEAR_M), "place": place["label"]})]
        return [_told(found, place, context)]


def question_of(place: dict[str, Any], context: Context, *, limit: int) -> Question:
    wanted = needs(context)
    return Question(
        lat=place["lat"],
        lon=place["lon"],
        limit=limit,
        category=Category.GENERAL,
        accessible="disabled" in wanted or "wheelchair" in wanted,
        ev="ev" in wanted and not {"disabled", "wheelchair"} & set(wanted),
        max_m=NEAR_M,
    )


def _told(found: list[dict[str, Any]], place: dict[str, Any], context: Context) -> Output:
    lines = [line_about(site, context.language) for site in found]
    head = _("Parking near %s:") % place["label"]
    first = found[0]
    return Output(
        text="\n".join([head, *(f"{n}. {line}" for n, line in enumerate(lines, 1))]),
        spoken=" ".join([head, *lines[:2]]),
        card=Card(
            title=pick(first["names"], context.language),
            text=lines[0],
            link=site_screen(first["id"]),
        ),
        buttons=(
            Button(_("Book a space"), open_skill("book_parking")),
            Button(_("How will it be later?"), open_skill("parking_forecast")),
        ),
    )


def line_about(site: dict[str, Any], language: str) -> str:
    """A site in a sentence: what is free, how old that is, how far, what it costs."""
    parts = [free_text(site), metres_text(site["distance_m"])]
    if site["price"] is not None and site["currency"]:
        price = money(site["price"], site["currency"])
        parts.append(_("%s an hour") % price if site["price"] else _("free of charge"))
    return f"{pick(site['names'], language)}: {', '.join(parts)}"


def free_text(site: dict[str, Any]) -> str:
    if site["free"] is None:
        return _("nobody knows at present how much is free")
    spaces = ngettext("%d space free", "%d spaces free", site["free"]) % site["free"]
    at: datetime | None = site["observed_at"]
    return f"{spaces} ({age_text(at)})" if at else spaces


skill = FindParking()
