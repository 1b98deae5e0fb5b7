"""Booking a parking space: where, from when, how long; a price; held and confirmed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.assistant.core.messages import Button, Expect, Inbound, Kind, Output
from apps.assistant.core.slots import Answer, AskAgain, Context, Misunderstood, Reading, Skill, Slot
from apps.assistant.core.when import ahead_in, minutes_in, span_in
from apps.assistant.core.yes_no import said_yes
from apps.assistant.models import Deed
from apps.assistant.services.deeds import note_deed
from apps.assistant.services.parking import confirm_soon
from apps.assistant.skills import answers
from apps.assistant.skills.find_parking import ParkingPlace, question_of
from apps.assistant.skills.needs import NeedsSlot
from apps.assistant.skills.persons import person_for
from apps.assistant.skills.saying import (
    hour_text,
    local_now,
    metres_text,
    numbered,
    please_sign_in,
    time_text,
)
from apps.assistant.skills.times import WhenSlot, instant
from apps.base.names import pick
from apps.base.problems import Problem
from apps.parking.models import BookingPolicy
from apps.parking.services.explanations import money
from apps.parking.services.nearby import sites_near
from apps.parking.services.quotes import Signed, make_quote
from apps.parking.services.reservations import confirm_reservation, hold_space

TRIED, OFFERED = 10, 3
LONGEST_MIN = 24 * 60


class Start(WhenSlot):
    def question(self) -> str:
        return _("From when?")

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        """Of "from two to four" the beginning."""
        span = span_in(heard.text, local_now()) if heard.kind is Kind.TEXT else None
        if span is not None:
            return Answer({"at": span[0].isoformat(), "arrives": False})
        return super().read(heard, context, asked=asked)


class Length(Slot):
    name: ClassVar[str] = "minutes"

    def label(self, context: Context) -> str:
        return _("How long")

    def ask(self, context: Context) -> Output:
        lengths = (60, 120, 240)
        buttons = tuple(
            Button(ngettext("%d hour", "%d hours", m // 60) % (m // 60), f"minutes:{m}")
            for m in lengths
        )
        return Output(text=_("For how long?"), buttons=buttons, expects=Expect.TEXT, digits=2)

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        minutes = self._minutes(heard, context, asked=asked)
        return Answer(minutes) if minutes and 0 < minutes <= LONGEST_MIN else None

    def _minutes(self, heard: Inbound, context: Context, *, asked: bool) -> int | None:
        if heard.kind is Kind.CHOICE and asked and heard.choice.startswith("minutes:"):
            return int(heard.choice.removeprefix("minutes:"))
        if heard.kind is Kind.DIGITS and asked:
            return int(heard.digits[:2]) * 60
        if heard.kind is not Kind.TEXT:
            return None
        span = span_in(heard.text, local_now())
        if span is not None:
            return round((span[1] - span[0]) / timedelta(minutes=1))
        start = instant(context)
        if asked and start and (until := _until(heard.text, start)):
            return until
        return None if ahead_in(heard.text) else minutes_in(heard.text)


def _until(text: str, start: datetime) -> int | None:
    """ "until six" after a beginning."""
    said = text.replace("until", "to", 1) if "until" in text else f"부터 {text}"
    if "까지" not in text and "until" not in text:
        return None
    span = span_in(f"{start:%H:%M} {said}", start - timedelta(minutes=1))
    return round((span[1] - span[0]) / timedelta(minutes=1)) if span else None


class ParkingOffer(Slot):
    """One of the sites that can be booked, with its price."""

    name: ClassVar[str] = "offer"
    volunteered: ClassVar[bool] = False

    def label(self, context: Context) -> str:
        return _("Car park")

    def ask(self, context: Context) -> Output:
        return offered(context)

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        offers: list[dict[str, Any]] = context.notes.get("offers", [])
        if not asked or not offers:
            return None
        at = _chosen(heard, context, offers)
        if at is not None:
            return Answer(offers[at])
        if said_yes(heard, context) is False:
            return Misunderstood(_another())
        return None


def _chosen(heard: Inbound, context: Context, offers: list[dict[str, Any]]) -> int | None:
    if heard.kind is Kind.CHOICE and heard.choice.startswith("offer:"):
        at = int(heard.choice.removeprefix("offer:"))
        return at if at < len(offers) else None
    if heard.kind is Kind.DIGITS and len(offers) > 1:
        at = int(heard.digits[:2]) - 1
        return at if 0 <= at < len(offers) else None
    if heard.kind is Kind.TEXT:
        named = answers.one_of(heard.text, [offer["name"] for offer in offers])
        if named is not None:
            return named
    return 0 if said_yes(heard, context) else None


def _another() -> Output:
    return Output(
        text=_("All right, nothing is booked. Shall I look elsewhere, or at another time?"),
        buttons=(
            Button(_("Another place"), "go:change:place"),
            Button(_("Another time"), "go:change:when"),
            Button(_("Leave it"), "go:start_over"),
        ),
        expects=Expect.CHOICE,
    )


def offered(context: Context) -> Output:
    """What can be booked, kept in the notes for the answer."""
    found = list(_offers(context))
    context.notes["offers"] = found
    if not found:
        return Output(
            text=_("No space can be booked there at that time.") + " " + _another().text,
            buttons=_another().buttons, expects=Expect.CHOICE,
        )  # fmt: skip
    start = instant(context)
    assert start is not None, "asked for before"
    span = f"{time_text(start)}–{hour_text(start + timedelta(minutes=context.slots['minutes']))}"
    lines = [f"{one['name']}: {one['price']}, {one['away']}" for one in found]
    return Output(
        text="\n".join([_("For %s you can have:") % span, *lines, _("Which one shall I book?")]),
        buttons=numbered([one["name"] for one in found], "offer"),
        expects=Expect.CHOICE,
        words=tuple(one["name"] for one in found),
        digits=1,
    )


def _offers(context: Context) -> list[dict[str, Any]]:
    question = question_of(context.slots["place"], context, limit=TRIED)
    bookable = set(
        BookingPolicy.objects.filter(pool__category=question.wanted).values_list(
            "pool__site__code", flat=True
        )
    )
    found: list[dict[str, Any]] = []
    for site in sites_near(question):
        if site["id"] in bookable and len(found) < OFFERED:
            found += _offer(site, question.wanted, context)
    return found


def _offer(site: dict[str, Any], category: str, context: Context) -> list[dict[str, Any]]:
    try:
        quote = _quote(site["id"], category, context).quote
    except Problem:
        return []
    return [
        {
            "site": site["id"], "category": category, "amount": quote.price,
            "name": pick(site["names"], context.language), "away": metres_text(site["distance_m"]),
            "price": money(quote.price, quote.currency) if quote.price else _("free of charge"),
        }
    ]  # fmt: skip


def _quote(site: str, category: str, context: Context) -> Signed:
    start = instant(context)
    assert start is not None, "asked for before"
    end = start + timedelta(minutes=context.slots["minutes"])
    return make_quote(site=site, category=category, starts_at=start, ends_at=end,
                      person=context.person)  # fmt: skip


class BookParking(Skill):
    name: ClassVar[str] = "book_parking"
    intents: ClassVar[tuple[str, ...]] = ("book_parking",)
    slots = (ParkingPlace(), Start(), Length(), NeedsSlot(), ParkingOffer())

    def title(self, context: Context) -> str:
        return _("Book a parking space")

    def perform(self, context: Context) -> Sequence[Output]:
        person = person_for(context)
        if person is None:
            signed_in = _("I am signed in: book it")
            raise AskAgain("offer", please_sign_in(_("book a space"), then=signed_in))
        offer = context.slots["offer"]
        try:
            signed = _quote(offer["site"], offer["category"], context)
        except Problem as problem:
            raise AskAgain("offer", _since_changed(context, problem)) from problem
        held = hold_space(person=person, token=signed.token, key=context.command_key)
        note_deed(conversation=context.conversation, kind=Deed.Kind.PARKING, reference=held["code"])
        if signed.quote.price == 0:
            confirm_reservation(person=person, code=held["code"], key=context.command_key)
        else:
            confirm_soon(person=person, code=held["code"])
        return [_booked(offer, context)]


def _since_changed(context: Context, problem: Problem) -> Output:
    again = offered(context)
    return Output(
        text=f"{problem.detail or problem.title}\n{again.text}", buttons=again.buttons,
        expects=again.expects, words=again.words, digits=again.digits,
    )  # fmt: skip


def _booked(offer: dict[str, Any], context: Context) -> Output:
    start = instant(context)
    assert start is not None, "asked for before"
    text = _("A space is yours: %(name)s, %(at)s, %(price)s. You pay when the stay is over.")
    return Output(
        text=text % {"name": offer["name"], "at": time_text(start), "price": offer["price"]},
        buttons=(Button(_("Cancel it"), "skill:cancel_parking"),),
    )


skill = BookParking()
