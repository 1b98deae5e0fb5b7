"""Giving a ride up."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.messages import Output
from apps.assistant.core.slots import Context, Skill
from apps.assistant.skills.own_rides import WhichRide, brief
from apps.assistant.skills.saying import yes_and_no
from apps.drt.services.giving_up import cancel_ride


class CancelRide(Skill):
    name: ClassVar[str] = "cancel_ride"
    intents: ClassVar[tuple[str, ...]] = ("cancel_ride",)
    undoes: ClassVar[bool] = True
    which = WhichRide()
    slots = (which,)

    def title(self, context: Context) -> str:
        return _("Cancel a ride")

    def read_back(self, context: Context) -> Output | None:
        row = self.which.chosen(context)
        if row is None:
            return None
        text = _("Shall I cancel the ride %s?") % brief(row)
        return Output(text=text, buttons=yes_and_no(_("Yes, cancel"), _("No, keep it")))

    def perform(self, context: Context) -> Sequence[Output]:
        row = self.which.chosen(context)
        if row is None:
            return [Output(text=_("You have no ride ahead."))]
        done = cancel_ride(person=context.person, code=row.code, key=context.command_key)
        text = _("The ride %s is cancelled.") % brief(row)
        late = _("Please cancel earlier next time: the vehicle was on its way.")
        return [Output(text=f"{text} {late}" if done["late"] else text)]


skill = CancelRide()
