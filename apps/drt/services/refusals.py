"""Why no ride: each kind a problem of its own, with what would have been possible."""

from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.base.problems import Conflict, Invalid, Problem
from apps.drt.core.capacity import Capacity
from apps.drt.core.explaining import Counterfactual, Reason, Refusal, Remedy


class OutsideArea(Invalid):
    slug, status = "outside-service-area", 422
    title = gettext_lazy("This lies outside the service's area.")


class OutsideHours(Problem):
    """`opens_at`, `closes_at`: the nearest hours of service, if there are any."""

    slug, status = "outside-service-hours", 422
    title = gettext_lazy("There are no rides at this time.")


class TooSoon(Problem):
    """`earliest_at`: the soonest one could book for now."""

    slug, status = "notice-too-short", 422
    title = gettext_lazy("This ride must be booked earlier.")


class ZoneSuspended(Conflict):
    slug = "zone-suspended"
    title = gettext_lazy("There are no rides in this area at present.")


class PartyTooLarge(Problem):
    slug, status = "party-too-large", 422
    title = gettext_lazy("This party is too large for one ride.")


class NoRide(Conflict):
    """`reason`, and `remedies`: single changes that would have led to a ride."""

    slug = "no-ride"
    title = gettext_lazy("We cannot offer a ride as asked.")

    @classmethod
    def because(cls, refusal: Refusal) -> Self:
        return cls(
            sentence_of(refusal.reason),
            reason=refusal.reason.value,
            lacking=list(refusal.lacking),
            remedies=[remedy_of(one) for one in refusal.counterfactuals],
        )


def sentence_of(reason: Reason) -> str:
    return {
        Reason.NO_VEHICLE: _("No vehicle is on duty for this kind of ride."),
        Reason.PARTY_TOO_LARGE: _("No vehicle has room for this party."),
        Reason.NO_STEP_FREE_STOP: _("No stop within walking distance is free of steps."),
        Reason.OUTSIDE_SHIFTS: _("No vehicle is on duty at that time."),
        Reason.NO_ROOM_LEFT: _("All vehicles are full then."),
        Reason.NO_TIME_LEFT: _("No vehicle can be there in time."),
    }[reason]


def remedy_of(one: Counterfactual) -> dict[str, Any]:
    """A change that would have made the answer yes, as data and as a sentence."""
    minutes = max(1, round(one.by_s / 60))
    texts = {
        Remedy.LATER: _("%d minutes later there is a ride.") % minutes,
        Remedy.SMALLER_PARTY: _("For fewer persons or less luggage there is a ride."),
        Remedy.LONGER_RIDE: _("There is a ride that takes %d minutes longer than allowed.")
        % minutes,
        Remedy.OTHER_STOP: _("From stops farther away there is a ride."),
    }
    body: dict[str, Any] = {"remedy": one.remedy.value, "text": texts[one.remedy]}
    if one.remedy in (Remedy.LATER, Remedy.LONGER_RIDE):
        body["by_s"] = round(one.by_s)
    if one.party is not None:
        body["party"] = party_of(one.party)
    if one.origin is not None and one.destination is not None:
        body["walk_m"] = round(one.origin.walk_m + one.destination.walk_m)
    return body


def party_of(party: Capacity) -> dict[str, int]:
    return {name: getattr(party, name) for name in party.__slots__}
