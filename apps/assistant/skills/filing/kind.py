"""Which of the city's services a report concerns."""

import re
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.assistant.core.messages import Button, Expect, Inbound, Kind, Output
from apps.assistant.core.recordings import is_recording
from apps.assistant.core.slots import Answer, Context, Reading, Slot
from apps.assistant.skills import answers
from apps.complaints.models import Service
from apps.complaints.services.classification import suggest
from apps.complaints.services.filing import UNSORTED

MOST_SUGGESTED, MOST_USUAL = 3, 6
_APART = re.compile(r"[·,/]| and | or ")


def service_of(context: Context) -> Service | None:
    code = context.slots.get("service")
    return Service.objects.offered().filter(service_code=code).first() if code else None


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
        return list(found.values())[:MOST_SUGGESTED] or list(_usual()[:MOST_USUAL])

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
        named = _meant_services(text, context)
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


def _usual() -> QuerySet[Service]:
    """What is reported everywhere, as the catalogue ranks it: where the words say nothing."""
    return Service.objects.offered().filter(needs_place=True).exclude(service_code=UNSORTED)


def _offered(code: str) -> Reading:
    known = Service.objects.offered().filter(service_code=code).exists()
    return Answer(code) if known else None


def _meant_services(text: str, context: Context) -> list[Service]:
    """By the words that the engine marked as the matter, if they settle it; else by all but the
    places, which bear names of parks and markets."""
    if marked := context.entity("service"):
        named = _named_services(marked)
        if len(named) == 1:
            return named
    for place in (one.value for one in context.entities if one.kind == "place"):
        text = text.replace(place, " ")
    return _named_services(text)


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
