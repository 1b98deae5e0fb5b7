"""The slot for a place: a pin, a name in any words, "here", "there", "home", or one of a few."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from apps.accounts.models import Person
from apps.assistant.core import whereabouts
from apps.assistant.core.messages import Expect, Inbound, Kind, Output, Place
from apps.assistant.core.slots import Answer, Context, Misunderstood, Reading, Slot
from apps.assistant.core.whereabouts import Mention, Role
from apps.assistant.core.yes_no import says_only
from apps.assistant.skills.saying import numbered
from apps.base import names
from apps.base.problems import Problem
from apps.city.models import the_city
from apps.city.selectors.search import SURE, Found, Wanted, search, whats_at
from apps.notify.models import SavedPlace

MAYBE = 0.45
MOST_OFFERED = 3
AS_GOOD = 0.02
FEW_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Hits:
    """What the geocoder makes of some words: one place it is sure of, or some it may be."""

    sure: Found | None = None
    maybe: tuple[Found, ...] = ()


def look_up(words: str, language: str, near: Place | None = None) -> Hits:
    """The words as they are first, then without what hangs on them; the first sure answer wins."""
    maybe: list[Found] = []
    for text in whereabouts.ways_to_say(words):
        found = _search(text, near)
        sure = [one for one in found if one.score >= SURE]
        if sure:
            return _decided(sure, language)
        maybe += [one for one in found if one.score >= MAYBE]
    best = {_name(one, language): one for one in sorted(maybe, key=lambda one: one.score)}
    return Hits(maybe=tuple(reversed(best.values()))[:MOST_OFFERED])


def _search(text: str, near: Place | None) -> list[Found]:
    here = {"lon": near.lon, "lat": near.lat} if near else {}
    try:
        return search(Wanted(text=text, box=the_city().box, limit=5, **here))
    except Problem:  # too short, or asked from another city
        return []


def _decided(sure: Sequence[Found], language: str) -> Hits:
    """Several as good as one another, under other names: which one?"""
    best = [one for one in sure if one.score >= sure[0].score - AS_GOOD]
    called = {_name(one, language): one for one in reversed(best)}
    if len(called) == 1 or sure[0].score >= 1.0 - AS_GOOD:
        return Hits(sure=sure[0])
    return Hits(maybe=tuple(reversed(called.values()))[:MOST_OFFERED])


def _name(found: Found, language: str) -> str:
    named = names.pick(found.names, language)
    return f"{named} {found.number}".strip() if found.number else named


def as_value(found: Found, language: str) -> dict[str, Any]:
    """`names`: the conversation may go on in another language."""
    named = {**found.names} if not found.number else {}
    return {"lon": found.lon, "lat": found.lat, "label": _name(found, language), "names": named}


def pinned(place: Place, language: str) -> dict[str, Any]:
    """A pin, called by what is there."""
    if place.label:
        return place.as_json()
    here = whats_at(place.lon, place.lat, box=the_city().box)
    thing = here.place or here.address or here.street or here.district or {}
    return {**place.as_json(), "label": names.pick(thing.get("names") or {}, language)}


def home_of(person: Person | None) -> dict[str, Any] | None:
    """Where a person lives, if they saved it under that name."""
    if person is None:
        return None
    saved = SavedPlace.objects.filter(person=person).order_by("pk")
    for row in saved:
        if row.label.strip().lower() in ("집", "우리집", "home", "my home"):
            return {"lon": row.lon, "lat": row.lat, "label": row.label}
    return None


class PlaceSlot(Slot):
    """A place with its point. Subclasses say what it is for."""

    name: ClassVar[str] = "place"
    role: ClassVar[Role] = Role.AT
    # Where others of the same skill claim the words: only those said in this slot's role count.
    strict: ClassVar[bool] = False

    def label(self, context: Context) -> str:
        return _("Place")

    def question(self, context: Context) -> str:
        return _("Where is it?")

    def ask(self, context: Context) -> Output:
        """Who telephones can send no pin, and hears what to choose from."""
        question = self.question(context)
        how = _("Send a pin, or name a place, a street or a building.")
        return replace(self.asking(f"{question} {how}", context), spoken=question)

    def asking(self, text: str, context: Context, found: Iterable[Found] = ()) -> Output:
        """The question, with places to choose from; these are kept in the skill's notes."""
        values = [as_value(one, context.language) for one in found]
        context.notes[self._offered] = values
        labels = [value["label"] for value in values]
        return Output(
            text=text, buttons=numbered(labels, self.name), ask_location=context.abilities.place,
            expects=Expect.PLACE, words=tuple(labels), digits=1,
        )  # fmt: skip

    @property
    def _offered(self) -> str:
        return f"offered_{self.name}"

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        match heard.kind:
            case Kind.PLACE if heard.place and (asked or not self.strict):
                return self._read_pin(heard.place, context)
            case Kind.CHOICE if asked:
                return self._read_choice(heard.choice.rpartition(":")[2], context)
            case Kind.DIGITS if asked:
                return self._read_choice(str(int(heard.digits[:3]) - 1), context)
            case Kind.TEXT:
                return self._read_text(heard.text, context, asked=asked)
        return None

    def _read_pin(self, place: Place, context: Context) -> Reading:
        try:
            return Answer(pinned(place, context.language))
        except Problem as problem:
            text = str(problem.detail or problem.title)
            return Misunderstood(self.asking(text, context))

    def _read_choice(self, number: str, context: Context) -> Reading:
        offered = context.notes.get(self._offered, [])
        if number.isdecimal() and int(number) < len(offered):
            return Answer(offered[int(number)])
        return None

    def _read_text(self, text: str, context: Context, *, asked: bool) -> Reading:
        if asked and (chosen := self._named(text, context)):
            return Answer(chosen)
        if asked and says_only(text) is not None:
            return None
        pointed = self._pointed_at(text, context, asked=asked)
        if pointed is not None:
            return pointed
        marked = any(one.kind == "place" for one in context.entities)
        said = whereabouts.mentions_in(text, context.entities)
        mine = self._mine(said, asked=asked)
        if asked and not marked:
            mine = [*mine, Mention(text)]
        return self._found(mine, context, insist=asked or marked)

    def _named(self, text: str, context: Context) -> dict[str, Any] | None:
        """One of those offered, by its name or by its number in the row."""
        offered: list[dict[str, Any]] = context.notes.get(self._offered, [])
        said = text.strip(" .,!?").lower()
        return next((one for one in offered if one["label"].lower() in said), None)

    def _pointed_at(self, text: str, context: Context, *, asked: bool) -> Reading:
        """ "Here", "there", "home"."""
        if asked and whereabouts.HERE.match(text.strip()):
            return self._here(context)
        if (asked or not self.strict) and whereabouts.THERE.search(text) and context.last_place:
            return Answer(context.last_place.as_json())
        return None

    def _here(self, context: Context) -> Reading:
        if context.heard.place is not None:
            return self._read_pin(context.heard.place, context)
        text = _("I can't see where you are. Please send a pin, or tell me the address.")
        aloud = _("I can't see where you are. Please choose a place.")
        return Misunderstood(replace(self.asking(text, context), spoken=aloud))

    def _mine(self, said: Sequence[Mention], *, asked: bool) -> list[Mention]:
        if asked and len(said) == 1:
            return list(said)
        if self.strict:
            return [one for one in said if one.role is self.role]
        return list(said)

    def _found(self, said: Sequence[Mention], context: Context, *, insist: bool) -> Reading:
        """The first mention that is a place; else what it may have been."""
        maybe: list[Found] = []
        for words in filter(None, (w for one in said for w in (one.words, one.shorter))):
            hits = look_up(words, context.language, context.last_place)
            if hits.sure:
                return Answer(as_value(hits.sure, context.language))
            maybe += hits.maybe
        if not said or not insist:
            return None
        named = said[0].shorter or said[0].words
        return Misunderstood(self._not_found(named, maybe[:MOST_OFFERED], context))

    def _not_found(self, words: str, maybe: Sequence[Found], context: Context) -> Output:
        if maybe:
            return self.asking(_("Which of these do you mean?"), context, maybe)
        text = _("I don't find “%s” in this city. Please name it otherwise, or send a pin.")
        aloud = _("I don't find that in this city. Please name it otherwise, or choose.")
        return replace(self.asking(text % words[:40], context), spoken=aloud)
