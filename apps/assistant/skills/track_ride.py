"""Where one's ride is, and when it comes."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.commands import open_skill
from apps.assistant.core.messages import Button, Card, Output
from apps.assistant.core.slots import Context, Skill
from apps.assistant.skills.own_rides import brief, rides_ahead
from apps.assistant.skills.saying import age_text, hour_text, minutes_text, time_text
from apps.base.names import pick
from apps.base.problems import NotAllowed
from apps.base.screens import ride_screen
from apps.drt.core.lifecycle import State
from apps.drt.models import Booking

LATE_S = 60


class TrackRide(Skill):
    name: ClassVar[str] = "track_ride"
    intents: ClassVar[tuple[str, ...]] = ("track_ride",)
    menu_rank: ClassVar[int] = 5
    digresses: ClassVar[bool] = True

    def title(self, context: Context) -> str:
        return _("Where is my ride?")

    def perform(self, context: Context) -> Sequence[Output]:
        if context.person is not None and context.is_unproven:
            raise NotAllowed(
                _("To protect your data, choose this from the menu and key in the code we send.")
            )
        rows = rides_ahead(context)
        if not rows:
            button = Button(_("Book a ride"), open_skill("book_ride"))
            return [Output(text=_("You have no ride ahead."), buttons=(button,))]
        return [told(rows[0], context), *(Output(text=brief(row)) for row in rows[1:])]


def told(row: Booking, context: Context) -> Output:
    parts = [
        f"{brief(row)}: {row.get_state_display()}.", _where(row, context), _vehicle(row), _late(row)
    ]  # fmt: skip
    return Output(
        text=" ".join(part for part in parts if part),
        card=Card(title=brief(row), text=row.get_state_display(), link=ride_screen(row.code)),
        buttons=(Button(_("Cancel it"), open_skill("cancel_ride")),),
    )


def _where(row: Booking, context: Context) -> str:
    if row.state == State.ONBOARD:
        at = row.dropoff_at or row.dropoff_latest_at
        return _("You will be there at about %s.") % hour_text(at)
    facts = {
        "stop": pick(row.pickup_stop.names, context.language),
        "at": time_text(row.pickup_at or row.pickup_earliest_at),
        "until": hour_text(row.pickup_latest_at),
    }
    text = _("It comes to the stop %(stop)s %(at)s, by %(until)s at the latest.")
    return text % facts


def _vehicle(row: Booking) -> str:
    if row.shift is None:
        return ""
    vehicle = row.shift.vehicle
    named = ", ".join(name for name in (vehicle.label, vehicle.plate) if name)
    said = _("Your vehicle: %s.") % named
    if vehicle.seen_at is None:
        return said
    return said + " " + _("Last seen: %s.") % age_text(vehicle.seen_at)


def _late(row: Booking) -> str:
    if row.late_s < LATE_S:
        return ""
    return _("We are sorry: it is %s late.") % minutes_text(row.late_s)


skill = TrackRide()
