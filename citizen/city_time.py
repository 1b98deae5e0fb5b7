"""Staff read and write the city's local time; the public API speaks UTC."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.city.models import founded


class CityTimeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/admin/"):
            return self.get_response(request)
        with timezone.override(_zone()):
            return self.get_response(request)


def _zone() -> ZoneInfo:
    """The city's time zone, UTC before a city is founded."""
    return ZoneInfo(founded().values_list("time_zone", flat=True).first() or "UTC")
