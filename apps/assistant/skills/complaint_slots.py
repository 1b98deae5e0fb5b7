"""What is asked of somebody who reports something."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.gis.geos import Point
from django.utils.translation import gettext as _

from apps.assistant.core.bare_wishes import says_nothing
from apps.assistant.core.messages import Button, Expect, Inbound, Kind, Output
from apps.assistant.core.numerals import number
from apps.assistant.core.recordings import is_recording
from apps.assistant.core.slots import Answer, Context, Misunderstood, Reading, Slot
from apps.assistant.core.yes_no import said_yes
from apps.assistant.skills import answers
from apps.assistant.skills.places import PlaceSlot
from apps.assistant.skills.saying import day_text, metres_text, yes_and_no
from apps.base import clock, names
from apps.base.geo import WGS84
from apps.base.problems import Invalid, Problem
from apps.city.models import metres_of, the_city
from apps.complaints.core.identifiers import mask_identifiers
from apps.complaints.models import Service, ServiceAttribute
from apps.complaints.services.answers import check_answers
from apps.complaints.services.classification import suggest
from apps.complaints.services.duplicates import Similar, Sketch, find_similar
from apps.complaints.services.filing import UNSORTED
from apps.complaints.services.places import check_jurisdiction
from devices.services.sealing import unseal

LENGTH = 1000
AS_SAID = "as_said"
TRIES = 2
MOST_SUGGESTED = 3
_APART = re.compile(r"[·,/]| and | or ")


def service_of(context: Context) -> Service | None:
    code = context.slots.get("service")
    return Service.objects.offered().filter(service_code=code).first() if code else None


class Description(Slot):
    """What is the matter, in the citizen's words; the words that opened it, if they say so."""

    name: ClassVar[str] = "description"
    free_text: ClassVar[bool] = True

    def label(self, context: Context) -> str:
        return _("What it is about")

    def ask(self, context: Context) -> Output:
        return Output(text=_("What is the matter? Describe it in your own words."),
                      expects=Expect.TEXT)  # fmt: skip

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if heard.kind is not Kind.TEXT:
            return None
        if not asked and context.intent not in ("file_complaint", "none", ""):
            return None
        if says_nothing(heard.text):
            return Misunderstood(self.ask(context)) if asked else None
        context.notes[AS_SAID] = heard.sealed
        return Answer(heard.text[:LENGTH])


def as_said(context: Context) -> str:
    """The description with the number plate that was masked on its way: complaints keeps it sealed
    for who has to follow it up, and masks it everywhere else."""
    sealed, masked = context.notes.get(AS_SAID), context.slots["description"]
    words: str = unseal(sealed)[:LENGTH] if sealed else masked
    return words if mask_identifiers(words)[:LENGTH] == masked else masked


class ServiceChoice(Slot):
    """Which of the city's services it concerns: sure of itself at once, else three to choose."""

    name: ClassVar[str] = "service"

    def label(self, context: Context) -> str:
        return _("Kind")

    def ask(self, context: Context) -> Output:
        found = self._likely(context)
        buttons = [
            Button(one.name(context.language), f"service:{one.service_code}") for one in found
        ]
        text = _("Which of these is it?") if found else _("What kind of thing is it?")
        context.notes["services"] = [one.service_code for one in found] + [UNSORTED]
        return Output(
            text=text,
            buttons=(*buttons, Button(_("Something else"), f"service:{UNSORTED}")),
            expects=Expect.CHOICE,
            words=tuple(button.label for button in buttons),
            digits=1,
        )

    def _likely(self, context: Context) -> list[Service]:
        """Named by its keywords first, then as the model has it."""
        text = context.slots.get("description", "")
        if is_recording(text):  # nothing may be guessed from it: all there are, to choose by key
            return list(Service.objects.offered().exclude(service_code=UNSORTED))
        named = _named_services(text)
        _version, guesses, _decides = suggest(text, context.language)
        by_code = Service.objects.offered().in_bulk(
            [guess.label for guess in guesses], field_name="service_code"
        )
        guessed = [by_code[guess.label] for guess in guesses if guess.label in by_code]
        found = {one.service_code: one for one in [*named, *guessed]}
        found.pop(UNSORTED, None)
        return list(found.values())[:MOST_SUGGESTED]

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        match heard.kind:
            case Kind.CHOICE if asked:
                return _offered(heard.choice.removeprefix("service:"))
            case Kind.DIGITS if asked:
                return self._by_number(heard.digits, context)
            case Kind.TEXT:
                return self._by_words(heard.text, context, asked=asked)
        return None

    def _by_number(self, digits: str, context: Context) -> Reading:
        offered = context.notes.get("services", [])
        at = int(digits[:2]) - 1
        return _offered(offered[at]) if 0 <= at < len(offered) else None

    def _by_words(self, text: str, context: Context, *, asked: bool) -> Reading:
        if asked and (chosen := answers.one_of(text, self._labels(context))) is not None:
            return _offered(context.notes["services"][chosen])
        named = _named_services(text)
        if len(named) == 1 and (asked or "description" in context.slots):
            return Answer(named[0].service_code)
        if asked:
            return Answer(UNSORTED) if answers.is_unsure(text) else None
        described = context.slots.get("description", "") == text
        _version, guesses, decides = (
            suggest(text, context.language) if described else (0, [], False)
        )
        return _offered(guesses[0].label) if decides and not named else None

    def _labels(self, context: Context) -> list[str]:
        by_code = Service.objects.offered().in_bulk(
            context.notes.get("services", []), field_name="service_code"
        )
        return [
            by_code[code].name(context.language) if code in by_code else ""
            for code in context.notes.get("services", [])
        ]


def _offered(code: str) -> Reading:
    known = Service.objects.offered().filter(service_code=code).exists()
    return Answer(code) if known else None


def _named_services(text: str) -> list[Service]:
    """Services that the text calls by a keyword or by their name, the longest word first."""
    plain = text.lower()
    found = []
    for service in Service.objects.offered().exclude(service_code=UNSORTED):
        hits = [word for word in _words_for(service) if word in plain]
        if hits:
            found.append((max(map(len, hits)), service))
    return [service for _length, service in sorted(found, key=lambda pair: -pair[0])]


def _words_for(service: Service) -> set[str]:
    named = [part for name in service.names.values() for part in _APART.split(name)]
    return {word.strip().lower() for word in [*service.keywords, *named] if len(word.strip()) >= 2}


class Attribute(Slot):
    """One question that the chosen service must have answered."""

    volunteered: ClassVar[bool] = False

    def __init__(self, at: int) -> None:
        self.at = at
        self.name = f"answer_{at}"  # type: ignore[misc]  # one slot per question, numbered

    def question(self, context: Context) -> ServiceAttribute | None:
        code = context.slots.get("service")
        rows = ServiceAttribute.objects.filter(
            service__service_code=code, is_variable=True, is_required=True
        )
        return rows[self.at : self.at + 1].first() if code else None

    def label(self, context: Context) -> str:
        asked = self.question(context)
        return names.pick(asked.names, context.language) if asked else ""

    def wanted(self, context: Context) -> bool:
        return self.question(context) is not None

    def ask(self, context: Context) -> Output:
        asked = self.question(context)
        assert asked is not None, "only what is wanted is asked for"
        labels = _choices(asked, context.language)
        buttons = tuple(Button(label, f"answer:{key}") for key, label in labels)
        hint = names.pick(asked.hints, context.language)
        text = names.pick(asked.names, context.language)
        return Output(
            text=f"{text} ({hint})" if hint else text,
            buttons=buttons,
            expects=Expect.CHOICE if buttons else Expect.TEXT,
            words=tuple(label for _key, label in labels),
            digits=1 if buttons else 0,
        )

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        attribute = self.question(context)
        if not asked or attribute is None:
            return None
        given = _answer_in(heard, attribute, context.language)
        if given is None:
            return None
        try:
            _check(attribute, given)
        except Invalid as problem:
            text = " ".join(str(one) for one in problem.errors.values())
            return Misunderstood(Output(text=text, expects=Expect.TEXT))
        return Answer({"code": attribute.code, "value": given})


def _choices(attribute: ServiceAttribute, language: str) -> list[tuple[str, str]]:
    return [
        (str(one["key"]), names.pick(one.get("names") or {}, language) or str(one["key"]))
        for one in attribute.values
    ]


def _answer_in(heard: Inbound, attribute: ServiceAttribute, language: str) -> Any:
    choices = _choices(attribute, language)
    if heard.kind is Kind.CHOICE:
        return heard.choice.removeprefix("answer:")
    if heard.kind is Kind.DIGITS and choices:
        at = int(heard.digits[:2]) - 1
        return choices[at][0] if 0 <= at < len(choices) else None
    if heard.kind is not Kind.TEXT:
        return None
    if not choices:
        return heard.text
    chosen = answers.one_of(heard.text, [label for _key, label in choices])
    return None if chosen is None else choices[chosen][0]


def _check(attribute: ServiceAttribute, given: Any) -> None:
    """Raises Invalid for what the service does not take, whatever else is still missing."""
    try:
        check_answers(attribute.service, {attribute.code: given})
    except Invalid as problem:
        field = f"attribute[{attribute.code}]"
        if field in problem.errors:
            raise Invalid(errors={field: problem.errors[field]}) from problem


def answered(context: Context) -> dict[str, Any]:
    """The answers as the service takes them."""
    given = [value for name, value in context.slots.items() if name.startswith("answer_")]
    return {one["code"]: one["value"] for one in given}


class ComplaintPlace(PlaceSlot):
    """Where it is; after two tries in vain the words will do, and staff find the place."""

    def wanted(self, context: Context) -> bool:
        service = service_of(context)
        return service is not None and service.needs_place

    def question(self, context: Context) -> str:
        return _("Where is it? Send a pin, or name a place, a street or a building.")

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


class Unless(Slot):
    """Not asked of who follows another's report."""

    def wanted(self, context: Context) -> bool:
        return not context.slots.get("same_as")


class Photo(Unless):
    name: ClassVar[str] = "photo"

    def label(self, context: Context) -> str:
        return _("Photo")

    def wanted(self, context: Context) -> bool:
        return super().wanted(context) and context.abilities.photo

    def ask(self, context: Context) -> Output:
        return Output(
            text=_("Do you have a photo? Send it, or go on without."),
            buttons=(Button(_("Without a photo"), "photo:none"),),
            expects=Expect.PHOTO,
        )

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if heard.kind is Kind.MEDIA:
            return Answer(heard.media)
        if not asked:
            return None
        if heard.choice == "photo:none" or said_yes(heard, context) is False:
            return Answer("")
        return Answer("") if heard.kind is Kind.TEXT and answers.is_without(heard.text) else None


class Contact(Unless):
    """Under one's name, so that one is told; or anonymously."""

    name: ClassVar[str] = "contact"

    def label(self, context: Context) -> str:
        return _("Name or anonymous")

    def wanted(self, context: Context) -> bool:
        return super().wanted(context) and context.person is not None

    def ask(self, context: Context) -> Output:
        return Output(
            text=_("Shall we tell you what becomes of it, or do you want to stay anonymous?"),
            buttons=(
                Button(_("Tell me"), "contact:known"),
                Button(_("Stay anonymous"), "contact:anonymous"),
            ),
            expects=Expect.CHOICE,
            words=(_("Tell me"), _("Stay anonymous")),
            digits=1,
        )

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if heard.kind is Kind.TEXT and answers.is_anonymous(heard.text):
            return Answer("anonymous")
        if not asked:
            return None
        if heard.choice.startswith("contact:"):
            return Answer(heard.choice.removeprefix("contact:"))
        if heard.digits:
            return {"1": Answer("known"), "2": Answer("anonymous")}.get(heard.digits)
        known = said_yes(heard, context)
        if known is None and answers.wants_news(heard.text):
            known = True
        return None if known is None else Answer("known" if known else "anonymous")


def listed(values: Sequence[str]) -> str:
    return ", ".join(value for value in values if value)


__all__ = [
    "Attribute", "ComplaintPlace", "Contact", "Description", "Duplicate", "Photo", "ServiceChoice",
    "answered", "listed", "number", "service_of",
]  # fmt: skip
