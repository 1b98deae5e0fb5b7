"""What riders are told, each once, in their language."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.base.names import pick
from apps.base.screens import ride_screen
from apps.city.models import the_city
from apps.drt.models import Booking
from apps.notify.core.messages import Content, Lane, Message
from apps.notify.services.telling import tell

WORTH_TELLING_S = 60

TEXTS: Mapping[str, tuple[str, str]] = {
    "approaching": (
        gettext_noop("Your ride is on its way"),
        gettext_noop("%(vehicle)s will be at %(stop)s at about %(at)s."),
    ),
    "arrived": (gettext_noop("Your ride is there"), gettext_noop("%(vehicle)s waits at %(stop)s.")),
    "seeking": (
        gettext_noop("Your vehicle has a fault"),
        gettext_noop("We are looking for another one and will tell you at once."),
    ),
    "replanned": (
        gettext_noop("Another vehicle comes for you"),
        gettext_noop("%(vehicle)s will be at %(stop)s at about %(at)s."),
    ),
    "stop_moved": (
        gettext_noop("Your stop has moved"),
        gettext_noop("The way is blocked. Your vehicle now halts at %(stop)s at about %(at)s."),
    ),
    "late": (
        gettext_noop("Your ride is late"),
        gettext_noop("We are sorry: it will be at %(stop)s at about %(at)s."),
    ),
    "called_off": (
        gettext_noop("Your ride cannot take place"),
        gettext_noop("We are sorry. Please ask for another ride, or call us: %(phone)s"),
    ),
    "no_show": (
        gettext_noop("We missed you"),
        gettext_noop("%(vehicle)s waited at %(stop)s and has gone on."),
    ),
}


def tell_rider(booking: Booking, what: str) -> None:
    """Tell the rider `what` in this transaction; the same of the same version once."""
    title, body = TEXTS[what]
    contents = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            contents[language] = Content(_(title), _(body) % _facts(booking, language))
    message = Message(
        contents=contents,
        category="ride",
        tag=f"ride:{booking.code}",
        version=booking.version,
        data={"booking": str(booking.code), "what": what},
        link=ride_screen(booking.code),
    )
    key = f"ride:{booking.code}:{what}:{booking.version}"
    tell(
        to=booking.person, message=message, lane=Lane.SERVICE, key=key, cause=f"ride:{booking.code}"
    )


def _facts(booking: Booking, language: str) -> dict[str, Any]:
    is_aboard = booking.boarded_at is not None
    stop = booking.dropoff_stop if is_aboard else booking.pickup_stop
    at = booking.dropoff_at if is_aboard else booking.pickup_at
    shown = timezone.localtime(at, the_city().zone).strftime("%H:%M") if at else "–"
    return {
        "vehicle": str(booking.shift.vehicle) if booking.shift else _("Your vehicle"),
        "stop": pick(stop.names, language) or stop.code,
        "at": shown,
        "phone": booking.service.phone or "–",
    }


def tell_of_change(booking: Booking, *, late_before_s: int) -> None:
    """A promise that the world breaks by more than a minute is worth a message."""
    if booking.late_s - late_before_s >= WORTH_TELLING_S:
        tell_rider(booking, "late")
