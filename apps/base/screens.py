"""Addresses of the web app's screens, as messages and cards link to them.

The app keeps where one is behind "#" (`web/src/shell/route.ts`); both sides are held to the table
`tests/support/screens.json`.
"""

from urllib.parse import quote

from django.conf import settings

BOOKINGS = "/#/bookings"
CHAT = "/#/chat"


def site_screen(code: str) -> str:
    """A car park."""
    return f"/#/parking/{_escaped(code)}"


def ride_screen(code: object) -> str:
    return f"/#/rides/{_escaped(str(code))}"


def report_screen(number: str) -> str:
    """A complaint."""
    return f"/#/reports/{_escaped(number)}"


def way_screen(*, lat: float, lon: float, name: str) -> str:
    """The way to a place, from where the person is."""
    return f"/#/ways/{lat:.5f},{lon:.5f}/{_escaped(name)}"


def absolute(link: str) -> str:
    """For those who read it outside of the app."""
    return f"{settings.PUBLIC_URL}{link}" if link.startswith("/") else link


def _escaped(text: str) -> str:
    return quote(text, safe="!~*'()")  # as encodeURIComponent does
