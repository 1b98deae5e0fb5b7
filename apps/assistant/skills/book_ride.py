"""A ride: asked for, quoted, taken."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.messages import Button, Card, Output
from apps.assistant.core.slots import AskAgain, Context, Skill
from apps.assistant.models import Deed
from apps.assistant.services.deeds import note_deed
from apps.assistant.skills.persons import person_for
from apps.assistant.skills.ride_slots import (
    Destination,
    Origin,
    Party,
    RideNeeds,
    RideOffer,
    RideTime,
    quoted,
)
from apps.assistant.skills.saying import hour_text, please_sign_in, time_text
from apps.base import tokens
from apps.base.names import pick
from apps.base.problems import Problem
from apps.base.screens import ride_screen
from apps.drt.models import Booking
from apps.drt.selectors.rides import own_booking
from apps.drt.services.bookings import book_ride
from apps.drt.services.claims import OfferGone, OfferUsed

PHONE = "voice"


class BookRide(Skill):
    name: ClassVar[str] = "book_ride"
    intents: ClassVar[tuple[str, ...]] = ("book_ride",)
    menu_rank: ClassVar[int] = 4
    slots = (Origin(), Destination(), RideTime(), Party(), RideNeeds(), RideOffer())

    def title(self, context: Context) -> str:
        return _("Book a ride")

    def perform(self, context: Context) -> Sequence[Output]:
        person = person_for(context)
        if person is None:
            signed_in = _("I am signed in: book it")
            raise AskAgain("offer", please_sign_in(_("book a ride"), then=signed_in))
        channel = Booking.Channel
        try:
            done = book_ride(
                person=person,
                token=context.slots["offer"]["token"],
                key=context.command_key,
                channel=channel.PHONE if context.channel == PHONE else channel.CHAT,
            )
        except (OfferGone, OfferUsed, tokens.TokenExpired) as problem:
            raise AskAgain("offer", _gone(context, problem)) from problem
        note_deed(conversation=context.conversation, kind=Deed.Kind.RIDE, reference=done["code"])
        return [_booked(own_booking(person, done["code"]), context)]


def _gone(context: Context, problem: Problem) -> Output:
    """What was offered can no longer be had; what can is offered anew."""
    again = quoted(context)
    return Output(
        text=f"{problem.title}\n{again.text}", buttons=again.buttons, expects=again.expects,
        digits=again.digits,
    )  # fmt: skip


def _booked(row: Booking, context: Context) -> Output:
    facts = {
        "stop": pick(row.pickup_stop.names, context.language),
        "from": time_text(row.pickup_earliest_at),
        "until": hour_text(row.pickup_latest_at),
        "there": hour_text(row.dropoff_latest_at),
    }
    text = _(
        "Your ride is booked. Be at the stop %(stop)s, %(from)s–%(until)s. You will be there by "
        "%(there)s at the latest."
    )
    return Output(
        text=text % facts,
        card=Card(title=row.destination_name, text=facts["from"], link=ride_screen(row.code)),
        buttons=(
            Button(_("Where is my ride?"), "skill:track_ride"),
            Button(_("Cancel it"), "skill:cancel_ride"),
        ),
    )


skill = BookRide()
