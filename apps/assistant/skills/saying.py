"""Ways to say things that several skills share: times, numbers, money, yes and no."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.assistant.core.commands import Go, go
from apps.assistant.core.messages import Button, Expect, Output
from apps.base import clock
from apps.city.models import the_city


def yes_and_no(yes: str = "", no: str = "") -> tuple[Button, ...]:
    return (Button(yes or _("Yes"), go(Go.YES)), Button(no or _("No"), go(Go.NO)))


def local_now() -> datetime:
    return timezone.localtime(clock.now(), the_city().zone)


def time_text(at: datetime) -> str:
    """The hour, with the day where it is not today."""
    here = timezone.localtime(at, the_city().zone)
    days = (here.date() - local_now().date()).days
    hour = f"{here:%H:%M}"
    if days == 0:
        return _("today at %s") % hour
    if days == 1:
        return _("tomorrow at %s") % hour
    return _("%(day)s at %(hour)s") % {"day": day_text(at), "hour": hour}


def hour_text(at: datetime) -> str:
    return f"{timezone.localtime(at, the_city().zone):%H:%M}"


def day_text(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at, the_city().zone), "MONTH_DAY_FORMAT")


def age_text(at: datetime) -> str:
    """How old a figure is."""
    minutes = max(0, int((clock.now() - at) / timedelta(minutes=1)))
    if minutes < 1:
        return _("from just now")
    if minutes < 90:
        text = ngettext("%d minute old", "%d minutes old", minutes)
        return text % minutes
    return _("from %s") % time_text(at)


def minutes_text(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    return ngettext("%d minute", "%d minutes", minutes) % minutes


def metres_text(metres: float) -> str:
    if metres < 1000:
        return _("%d m") % (round(metres, -1) or 10)
    return _("%.1f km") % (metres / 1000)


def digits_text(number: str) -> str:
    """A number for the ear, digit by digit, with rests where the strokes are."""
    return ", ".join(" ".join(part) for part in number.split("-"))


def numbered(labels: Iterable[str], prefix: str) -> tuple[Button, ...]:
    """Buttons for the things of a list; the choice says which."""
    return tuple(Button(label, f"{prefix}:{n}") for n, label in enumerate(labels))


def please_sign_in(what: str, *, then: str = "") -> Output:
    """`then`: what one presses once one has; the question stays open until then."""
    text = _("To %(what)s I have to know who you are. Please sign in to the app and write again.")
    aloud = _("To %(what)s I have to know who you are. A person can help you: press zero.")
    said = Output(text=text % {"what": what}, spoken=aloud % {"what": what})
    if not then:
        return said
    return replace(said, buttons=yes_and_no(then, _("Leave it")), expects=Expect.YES_NO)
