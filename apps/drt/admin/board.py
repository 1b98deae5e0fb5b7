"""The dispatch board: a live map of the vehicles and a timeline of what each will do."""

from typing import Any

import msgspec
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.city.models import the_city
from apps.drt.models import Service
from apps.drt.selectors.board import board_of

WORDS = {
    "late": _("{n} min late"),
    "riders": _("{n} aboard"),
    "unseen": _("the driver has not seen the new plan yet"),
    "pickup": _("boards"),
    "dropoff": _("alights"),
    "break": _("break"),
    "no_show": _("did not come"),
    "nobody": _("No vehicle is on duty in these hours."),
    "seeking": _("needs another vehicle"),
    "pinned": _("stays on its vehicle"),
    "lost": _("No answer from the city. What you see is old."),
}


def page(request: HttpRequest, pk: int, *, context: dict[str, Any]) -> HttpResponse:
    service = _seen_service(request, pk)
    centre = the_city().centre
    settings = {
        "rows": reverse("admin:drt_board_rows", args=[pk]),
        "booking": reverse("admin:drt_booking_change", args=[0]).replace("/0/", "/{pk}/"),
        "centre": [centre.x, centre.y],
        "words": {name: str(word) for name, word in WORDS.items()},
        "language": translation.get_language() or "en",
        "zone": the_city().time_zone,
    }
    more = {"title": _("Dispatch board"), "service": service, "board": settings}
    return render(request, "drt/board.html", context | more)


def rows(request: HttpRequest, pk: int) -> HttpResponse:
    service = _seen_service(request, pk)
    language = translation.get_language() or "en"
    told = board_of(service, now=clock.now(), language=language)
    return HttpResponse(msgspec.json.encode(told, enc_hook=str), content_type="application/json")


def _seen_service(request: HttpRequest, pk: int) -> Service:
    if not request.user.has_perms(("drt.view_service", "drt.view_booking")):
        raise PermissionDenied
    return get_object_or_404(Service, pk=pk)
