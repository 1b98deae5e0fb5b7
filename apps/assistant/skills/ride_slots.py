"""What is asked of somebody who wants a ride."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core import whereabouts
from apps.assistant.core.counts import people_in
from apps.assistant.core.messages import Button, Expect, Inbound, Kind, Output
from apps.assistant.core.slots import Answer, Context, Misunderstood, Reading, Slot
from apps.assistant.core.whereabouts import Role
from apps.assistant.core.yes_no import said_yes
from apps.assistant.skills import answers
from apps.assistant.skills.needs import NeedsSlot, needs
from apps.assistant.skills.places import PlaceSlot, home_of
from apps.assistant.skills.saying import (
    hour_text,
    local_now,
    metres_text,
    numbered,
    time_text,
    yes_and_no,
)
from apps.assistant.skills.times import WhenSlot, instant
from apps.base.names import pick
from apps.base.problems import Problem
from apps.drt.core.capacity import Capacity
from apps.drt.models import VirtualStop
from apps.drt.services.claims import Signed
from apps.drt.services.quotes import make_quote
from apps.drt.services.wishes import Wish
from apps.parking.services.explanations import money

MOST_PEOPLE = 8
OPENING = ("book_ride", "find_way")


class Origin(PlaceSlot):
    """Where from. Said to somebody who just spoke of a place, a ride begins at that place."""

    name: ClassVar[str] = "origin"
    role: ClassVar[Role] = Role.FROM
    strict: ClassVar[bool] = True

    def label(self, context: Context) -> str:
        return _("From")

    def question(self, context: Context) -> str:
        return _("Where shall you be picked up?")

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        reading = super().read(heard, context, asked=asked)
        if reading is not None or asked or self.name in context.slots:
            return reading
        if heard.kind is not Kind.TEXT or context.intent != "book_ride":
            return None
        if whereabouts.HERE_INSIDE.search(heard.text) is None and context.last_place is None:
            return None
        return Answer(context.last_place.as_json()) if context.last_place else None


class Destination(PlaceSlot):
    """Where to; "home" is what the person saved under that name."""

    name: ClassVar[str] = "destination"
    role: ClassVar[Role] = Role.TO
    strict: ClassVar[bool] = True

    def label(self, context: Context) -> str:
        return _("To")

    def question(self, context: Context) -> str:
        return _("Where do you want to go?")

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if heard.kind is Kind.TEXT and whereabouts.HOME.search(heard.text):
            return self._home(context)
        reading = super().read(heard, context, asked=asked)
        opens = not asked and context.intent in OPENING
        if reading is None and opens and heard.kind is Kind.TEXT:
            return self._only_place(heard.text, context)
        return reading

    def _home(self, context: Context) -> Reading:
        home = home_of(context.person)
        if home is not None:
            return Answer({**home, "label": _("home")})
        text = _("I don't know where your home is. Tell me the address, or send a pin.")
        aloud = _("I don't know where your home is. Please choose a place.")
        return Misunderstood(replace(self.asking(text, context), spoken=aloud))

    def _only_place(self, text: str, context: Context) -> Reading:
        """The one place in "I need a bus, City Hospital" is where one wants to go."""
        said = whereabouts.mentions_in(text, context.entities)
        left = [one for one in said if one.role is Role.AT]
        return self._found(left[:1], context, insist=False)


class RideTime(WhenSlot):
    def question(self) -> str:
        return _("When do you want to go?")

    def wanted(self, context: Context) -> bool:
        return True


class Party(Slot):
    """How many ride; one if nothing is said."""

    name: ClassVar[str] = "people"

    def label(self, context: Context) -> str:
        return _("People")

    def wanted(self, context: Context) -> bool:
        """Asked of who goes by keys, and can't say it unasked."""
        if context.heard.kind is Kind.TEXT:
            return people_in(context.heard.text) is not None
        return context.abilities.keypad

    def ask(self, context: Context) -> Output:
        return Output(text=_("How many of you?"), expects=Expect.DIGITS, digits=1)

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        count: int | None = None
        if heard.kind is Kind.DIGITS and asked:
            count = people_in(heard.digits, asked=True)
        elif heard.kind is Kind.TEXT:
            count = people_in(heard.text, asked=asked)
        return Answer(count) if count and count <= MOST_PEOPLE else None


class RideNeeds(NeedsSlot):
    """Who goes by keys is asked whether the vehicle must take a wheelchair or a pushchair."""

    def wanted(self, context: Context) -> bool:
        by_keys = context.abilities.keypad and context.heard.kind is not Kind.TEXT
        return by_keys or super().wanted(context)

    def ask(self, context: Context) -> Output:
        if not context.abilities.keypad:
            return super().ask(context)
        buttons = (
            Button(_("nothing special"), "needs:"),
            Button(_("a wheelchair"), "needs:wheelchair"),
            Button(_("a pushchair"), "needs:pushchair"),
        )
        return Output(text=_("What shall there be room for?"), buttons=buttons,
                      expects=Expect.CHOICE)  # fmt: skip

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if asked and heard.choice.startswith("needs:"):
            need = heard.choice.removeprefix("needs:")
            return Answer([need] if need else [])
        return super().read(heard, context, asked=asked)


class RideOffer(Slot):
    """One of the rides that can be had, with its times and fare."""

    name: ClassVar[str] = "offer"
    volunteered: ClassVar[bool] = False

    def label(self, context: Context) -> str:
        return _("Ride")

    def ask(self, context: Context) -> Output:
        return quoted(context)

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        offers: list[dict[str, Any]] = context.notes.get("offers", [])
        if not asked:
            return None
        if heard.choice.startswith("later:"):
            return self._later(int(heard.choice.removeprefix("later:")), context)
        if not offers:
            return None
        at = _chosen(heard, context, len(offers))
        if at is not None:
            return Answer(offers[at])
        if said_yes(heard, context) is False:
            return Misunderstood(not_booked())
        return None

    def _later(self, by_s: int, context: Context) -> Reading:
        """ "Twenty minutes later there is one": ask for that."""
        wanted = context.slots["when"]
        at = datetime.fromisoformat(wanted["at"]) + timedelta(seconds=by_s)
        context.slots["when"] = {**wanted, "at": at.isoformat()}
        return Misunderstood(quoted(context))


def _chosen(heard: Inbound, context: Context, count: int) -> int | None:
    at: int | None = None
    if heard.kind is Kind.CHOICE and heard.choice.startswith("offer:"):
        at = int(heard.choice.removeprefix("offer:"))
    elif heard.kind is Kind.DIGITS and count > 1:
        at = int(heard.digits[:2]) - 1
    elif heard.kind is Kind.TEXT and count > 1:
        at = answers.one_of(heard.text, [""] * count)
    if at is None and said_yes(heard, context):
        at = 0
    return at if at is not None and 0 <= at < count else None


def not_booked() -> Output:
    return Output(
        text=_("All right, nothing is booked. Do you want another time or place?"),
        buttons=(
            Button(_("Another time"), "go:change:when"),
            Button(_("Another place"), "go:change:destination"),
            Button(_("Leave it"), "go:start_over"),
        ),
        expects=Expect.CHOICE,
    )


def wish_of(context: Context) -> Wish:
    origin, destination = context.slots["origin"], context.slots["destination"]
    at, arrives = instant(context), context.slots["when"]["arrives"]
    assert at is not None, "asked for before"
    if not arrives:
        at = max(at, local_now())
    people, needed = int(context.slots.get("people", 1)), needs(context)
    in_wheelchair = "wheelchair" in needed or "disabled" in needed
    return Wish(
        origin=(origin["lon"], origin["lat"]),
        destination=(destination["lon"], destination["lat"]),
        origin_name=origin["label"][:200],
        destination_name=destination["label"][:200],
        depart_after=None if arrives else at,
        arrive_by=at if arrives else None,
        party=Capacity(
            seats=people - 1 if in_wheelchair else people,
            wheelchair_bays=1 if in_wheelchair else 0,
            pushchairs=1 if "pushchair" in needed else 0,
        ),
        step_free=in_wheelchair,
    )


def quoted(context: Context) -> Output:
    """What can be had, kept in the notes for the answer; or why nothing can, and what would."""
    try:
        quote = make_quote(wish=wish_of(context), person=context.person)
    except Problem as problem:
        context.notes["offers"] = []
        return _refused(problem)
    offers = [_kept(one, context) for one in quote.offers]
    context.notes["offers"] = offers
    ends = {
        "origin": context.slots["origin"]["label"],
        "destination": context.slots["destination"]["label"],
    }
    head = _("From %(origin)s to %(destination)s:") % ends
    lines = [offer["say"] for offer in offers]
    if len(offers) == 1:
        text = "\n".join([head, offers[0]["plain"], _("Shall I book it?")])
        return Output(text=text, buttons=yes_and_no(_("Yes, book it")), expects=Expect.YES_NO)
    numbered_lines = [f"{n}. {line}" for n, line in enumerate(lines, 1)]
    return Output(
        text="\n".join([head, *numbered_lines, _("Which one shall I book?")]),
        buttons=numbered([offer["short"] for offer in offers], "offer"),
        expects=Expect.CHOICE,
        digits=1,
    )


def _kept(signed: Signed, context: Context) -> dict[str, Any]:
    claim = signed.claim
    stop = VirtualStop.objects.filter(service__code=claim.service, code=claim.pickup_stop).first()
    facts = {
        "stop": pick(stop.names, context.language) if stop else claim.pickup_stop,
        "walk": metres_text(claim.walk_to_m),
        "from": time_text(claim.pickup_earliest),
        "until": hour_text(claim.pickup_latest),
        "there": hour_text(claim.dropoff_latest),
        "fare": money(claim.fare, claim.currency) if claim.fare else _("free of charge"),
    }
    plain = _("at %(stop)s (%(walk)s on foot), %(from)s–%(until)s, there by %(there)s, %(fare)s")
    kinds = ", ".join(_kind_text(kind) for kind in claim.kinds)
    return {
        "token": signed.token,
        "plain": plain % facts,
        "say": f"{kinds}: {plain % facts}" if kinds else plain % facts,
        "short": f"{facts['from']} {kinds}",
    }


def _kind_text(kind: str) -> str:
    return {
        "soonest": _("the soonest"), "least_walk": _("the shortest walk"),
        "step_free": _("without steps"),
    }.get(kind, kind)  # fmt: skip


def _refused(problem: Problem) -> Output:
    """The reason, and what would make it a yes."""
    reason = " ".join(str(one) for one in problem.errors.values()) or str(
        problem.detail or problem.title
    )
    remedies = problem.extra.get("remedies", [])
    later = next((one for one in remedies if one["remedy"] == "later" and one.get("by_s")), None)
    buttons: list[Button] = []
    if later:
        buttons.append(Button(_("Take the later one"), f"later:{later['by_s']}"))
    said = " ".join([reason, *(str(one["text"]) for one in remedies)])
    return Output(text=said, buttons=(*buttons, *not_booked().buttons), expects=Expect.CHOICE)
