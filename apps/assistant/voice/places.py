"""A place by keys: a district, then what one goes to in it, or the district as such."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.assistant.core.messages import Place
from apps.assistant.models import Conversation
from apps.assistant.voice.core.menu import Option
from apps.assistant.voice.gazetteer import Named, districts, places_in

_DISTRICT, _WITHIN, _PLACE = "voice:district:", "voice:within:", "voice:place:"
OTHER_DISTRICT = "voice:districts"
THERE = "voice:there"


def districts_offered(language: str, conversation: Conversation | None) -> tuple[Option, ...]:
    """The place spoken of last, then all districts."""
    last = conversation.last_place if conversation else None
    there = [Option(last["label"], THERE)] if last and last.get("label") else []
    return (*there, *(Option(one.name, _DISTRICT + one.code) for one in districts(language)))


def within_offered(choice: str, language: str) -> tuple[Option, ...]:
    """What is in the district that was chosen; nothing where there is nothing to choose from."""
    district = _named(districts(language), choice, _DISTRICT)
    places = places_in(district.code, language) if district else ()
    if district is None or not places:
        return ()
    return (
        *(Option(one.name, f"{_PLACE}{district.code}:{one.code}") for one in places),
        Option(_("somewhere in %s") % district.name, _WITHIN + district.code),
        Option(_("another district"), OTHER_DISTRICT),
    )


def place_chosen(choice: str, language: str, conversation: Conversation | None) -> Place | None:
    """The place that a choice stands for."""
    if choice == THERE and conversation and conversation.last_place:
        return Place.from_json(conversation.last_place)
    if choice.startswith(_PLACE):
        district, _colon, code = choice.removeprefix(_PLACE).partition(":")
        return _placed(_named(places_in(district, language), code))
    found = (_named(districts(language), choice, prefix) for prefix in (_WITHIN, _DISTRICT))
    return _placed(next((one for one in found if one), None))


def _named(found: Iterable[Named], choice: str, prefix: str = "") -> Named | None:
    if not choice.startswith(prefix):
        return None
    code = choice.removeprefix(prefix)
    return next((one for one in found if one.code == code), None)


def _placed(named: Named | None) -> Place | None:
    return Place(named.lon, named.lat, named.name) if named else None
