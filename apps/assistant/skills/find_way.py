"""A way without barriers, for this person, in a few sentences."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core import whereabouts
from apps.assistant.core.commands import open_skill
from apps.assistant.core.messages import Button, Card, Inbound, Kind, Output
from apps.assistant.core.needs import PROFILES
from apps.assistant.core.slots import Answer, Context, Reading, Skill
from apps.assistant.core.whereabouts import Role
from apps.assistant.models import Deed
from apps.assistant.services.deeds import note_deed
from apps.assistant.skills.needs import NeedsSlot, needs
from apps.assistant.skills.places import PlaceSlot
from apps.assistant.skills.ride_slots import Destination
from apps.assistant.skills.saying import metres_text, minutes_text
from apps.base.screens import way_screen
from apps.navigation.selectors.telling import feature
from apps.navigation.selectors.walks import walk_of
from apps.navigation.services.routes import choose_profile, plan_routes

STEPS = 4


class Start(PlaceSlot):
    """Where one is: the last pin or place spoken of, where there is one."""

    name: ClassVar[str] = "origin"
    role: ClassVar[Role] = Role.FROM
    strict: ClassVar[bool] = True

    def label(self, context: Context) -> str:
        return _("From")

    def question(self, context: Context) -> str:
        return _("Where are you now?")

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        reading = super().read(heard, context, asked=asked)
        if reading is not None or asked or self.name in context.slots:
            return reading
        speaks_of_it = heard.kind is Kind.TEXT and whereabouts.THERE.search(heard.text)
        if context.last_place is None or speaks_of_it or context.intent != "find_way":
            return None
        return Answer(context.last_place.as_json())


class Goal(Destination):
    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        there = heard.kind is Kind.TEXT and whereabouts.THERE.search(heard.text)
        if there and context.last_place is not None:
            return Answer(context.last_place.as_json())
        return super().read(heard, context, asked=asked)


class FindWay(Skill):
    name: ClassVar[str] = "find_way"
    intents: ClassVar[tuple[str, ...]] = ("find_way",)
    menu_rank: ClassVar[int] = 6
    slots = (Start(), Goal(), NeedsSlot())

    def title(self, context: Context) -> str:
        return _("Find a way without barriers")

    def perform(self, context: Context) -> Sequence[Output]:
        base = next((PROFILES[one] for one in needs(context) if one in PROFILES), None)
        profile = choose_profile(person=context.person, base=base)
        ends = [context.slots["origin"], context.slots["destination"]]
        routes = plan_routes(
            profile=profile, stops=[(end["lon"], end["lat"]) for end in ends], alternatives=0,
            person=context.person,
        )  # fmt: skip
        note_deed(conversation=context.conversation, kind=Deed.Kind.ROUTE, reference=routes[0].code)
        return [told(feature(walk_of(routes[0])), ends)]


def told(route: dict[str, Any], ends: Sequence[dict[str, Any]]) -> Output:
    """How long, the first steps, what is sure and what is not, and why it is no shorter."""
    way = route["properties"]
    facts = {
        "origin": ends[0]["label"], "destination": ends[1]["label"],
        "length": metres_text(way["length_m"]), "time": minutes_text(way["time_s"]),
    }  # fmt: skip
    head = _("From %(origin)s to %(destination)s: %(length)s, about %(time)s.") % facts
    steps = [f"{step['number'] + 1}. {step['say']}" for step in way["steps"][:STEPS]]
    if len(way["steps"]) > STEPS:
        steps.append("…")
    lines = [head, *steps, way["explanation"]["say"], way["certainty"]["say"]]
    if way["is_blocked"]:
        lines.append(_("Something blocks this way at present."))
    return Output(
        text="\n".join(line for line in lines if line),
        spoken=" ".join([head, *(step["say"] for step in way["steps"][:STEPS]),
                         way["explanation"]["say"]]),
        card=Card(title=facts["destination"], text=facts["time"], link=_screen(ends[1])),
        buttons=(Button(_("Why this way?"), open_skill("explain_way")),),
    )  # fmt: skip


def _screen(end: dict[str, Any]) -> str:
    return way_screen(lat=end["lat"], lon=end["lon"], name=end["label"])


skill = FindWay()
