"""Why a way cannot be given, each with what to try instead. `at` names the stop in the request."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.base.problems import Problem, Text


class BadPlace(Problem):
    """A stop that cannot be used. `advice` is a sentence that says what to try."""

    slug, status = "bad-place", 422
    title = _("One of the places cannot be used.")
    says: Text = title
    advice: Text = ""

    def __init__(self, at: str, **extra: Any) -> None:
        super().__init__(self.says, errors={at: self.says}, at=at, advice=str(self.advice), **extra)


class OutsideCity(BadPlace):
    slug = "place-outside-city"
    title = _("This place lies outside the city.")
    says = title
    advice = _("Choose a place within the city's bounds.")


class SwappedCoordinates(BadPlace):
    slug = "swapped-coordinates"
    title = _("Longitude and latitude seem to be swapped.")
    says = title
    advice = _("Send the longitude (east) first, then the latitude (north).")


class NothingNear(BadPlace):
    slug = "nothing-near"
    title = _("No path is known near this place.")
    says = title
    advice = _("Choose a place within 80 metres of a street or path.")


class CutOff(BadPlace):
    slug = "cut-off-place"
    title = _("The paths at this place are not connected to the rest of the city.")
    says = title
    advice = _("Choose a place on the other side of what separates it, such as the nearest street.")


class NotPassable(BadPlace):
    slug = "not-passable-place"
    title = _("You cannot use any path at this place within your limits.")
    says = title
    advice = _("Choose a place nearby, or change the limits of your profile.")


class NoWayFound(Problem):
    slug, status = "no-way", 422
    title = _("There is no way within your limits.")


PLACE_PROBLEMS = {"nothing_near": NothingNear, "island": CutOff, "not_passable": NotPassable}
