"""Whether somebody has reported the same already."""

from typing import Any, ClassVar

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from apps.assistant.core.messages import Expect, Inbound, Kind, Output
from apps.assistant.core.recordings import is_recording
from apps.assistant.core.slots import Answer, Context, Reading, Slot
from apps.assistant.core.yes_no import said_yes
from apps.assistant.skills import answers
from apps.assistant.skills.filing.kind import service_of
from apps.assistant.skills.saying import day_text, metres_text, yes_and_no
from apps.base import clock
from apps.base.geo import WGS84
from apps.city.models import metres_of, the_city
from apps.complaints.services.duplicates import Similar, Sketch, find_similar


class Duplicate(Slot):
    """Whether it is the same that somebody reported already: then one follows that report."""

    name: ClassVar[str] = "same_as"
    volunteered: ClassVar[bool] = False

    def label(self, context: Context) -> str:
        return _("Reported already")

    def wanted(self, context: Context) -> bool:
        return bool(self._similar(context))

    def _similar(self, context: Context) -> list[dict[str, Any]]:
        """What may be the same, looked up once for what has been said."""
        said = [context.slots.get(name) for name in ("description", "service", "place")]
        if context.notes.get("similar_for") != said:
            context.notes["similar_for"] = said
            context.notes["similar"] = [_brief(one, context) for one in _similar_to(context)]
        found: list[dict[str, Any]] = context.notes["similar"]
        return found

    def ask(self, context: Context) -> Output:
        first = self._similar(context)[0]
        text = _(
            "Somebody reported this on %(day)s, %(away)s away: “%(words)s” (%(number)s). "
            "Is it the same?"
        )
        return Output(
            text=text % first,
            buttons=yes_and_no(_("Yes, the same"), _("No, something else")),
            expects=Expect.YES_NO,
        )

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if not asked:
            return None
        same = said_yes(heard, context)
        if same is None and heard.kind is Kind.TEXT:
            same = answers.is_same(heard.text)
        if same is None and context.intent == "follow_complaint":
            same = True
        if same is None:
            return None
        return Answer(self._similar(context)[0]["number"] if same else "")


def _similar_to(context: Context) -> list[Similar]:
    service, place = service_of(context), context.slots.get("place") or {}
    text = context.slots.get("description", "")
    if service is None or "lon" not in place or not text or is_recording(text):
        return []
    point = metres_of(Point(place["lon"], place["lat"], srid=WGS84), srid=the_city().srid)
    sketch = Sketch(text=text, service=service, at=clock.now(), geom_m=point)
    return [one for one in find_similar(sketch) if one.request.visible()]


def _brief(one: Similar, context: Context) -> dict[str, Any]:
    row = one.request
    return {
        "number": row.number,
        "day": day_text(row.requested_at),
        "away": metres_text(one.likeness.distance_m or 0.0),
        "words": _("told by telephone") if is_recording(row.description) else row.description[:80],
        "service": row.service.name(context.language),
    }
