"""Where a report belongs."""

from apps.assistant.core.messages import Inbound, Kind
from apps.assistant.core.slots import Answer, Context, Misunderstood, Reading
from apps.assistant.skills.filing.kind import service_of
from apps.assistant.skills.places import PlaceSlot
from apps.base.problems import Problem
from apps.city.models import the_city
from apps.complaints.services.places import check_jurisdiction

TRIES = 2


class ComplaintPlace(PlaceSlot):
    """Where it is; after two tries in vain the words will do, and staff find the place."""

    def wanted(self, context: Context) -> bool:
        """Asked for where the kind needs it; taken where it is said before the kind is known."""
        service = service_of(context)
        return service is None or service.needs_place

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        reading = super().read(heard, context, asked=asked)
        if isinstance(reading, Answer):
            return self._ours(reading, context)
        if asked and isinstance(reading, Misunderstood) and heard.kind is Kind.TEXT:
            context.notes["place_tries"] = context.notes.get("place_tries", 0) + 1
            if context.notes["place_tries"] >= TRIES:
                return Answer({"label": heard.text[:200]})
        return reading

    def _ours(self, reading: Answer, context: Context) -> Reading:
        try:
            check_jurisdiction(reading.value["lon"], reading.value["lat"], the_city())
        except Problem as problem:
            return Misunderstood(self.asking(str(problem.title), context))
        return reading
