"""One's own data: handed out, and let go of. Every app that keeps something of a person says how.

An exporter is `(person) -> Section`, an eraser `(person) -> Erased`; both name the foreign keys to
persons and users they answer for (`@covers`). A test walks all models and fails for a key that no
exporter or no eraser covers.
"""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from apps.accounts.models import Person
from apps.base import clock
from apps.base.commands import run_once
from apps.base.models import Media
from apps.base.problems import Text
from apps.base.registry import Registry


@dataclass(frozen=True, slots=True)
class Section:
    """One part of an export: JSON-ready data, and the photos it speaks of."""

    data: Any
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """What became of one part: rows removed, rows freed of the person, rows the law keeps."""

    removed: int = 0
    anonymised: int = 0
    kept: int = 0
    reason: Text = ""

    def __post_init__(self) -> None:
        if self.kept and not self.reason:
            raise ValueError("What is kept needs its reason.")


Exporter = Callable[[Person], Section]
Eraser = Callable[[Person], Erased]
F = TypeVar("F", bound=Callable[..., Any])

exporters: Registry[Exporter] = Registry("personal-data exporter")
erasers: Registry[Eraser] = Registry("personal-data eraser")


def covers(*keys: str) -> Callable[[F], F]:
    """Name the foreign keys ("app.Model.field") that an exporter or eraser answers for."""

    def note(function: F) -> F:
        function.covers = frozenset(keys)  # type: ignore[attr-defined]
        return function

    return note


def covered_by(registry: Registry[Any]) -> frozenset[str]:
    """All keys that the registry's implementers answer for."""
    return frozenset(key for _kind, one in registry.items() for key in getattr(one, "covers", ()))


@dataclass(frozen=True, slots=True)
class Export:
    filename: str
    content_type: str
    content: bytes


def export_person(*, person: Person) -> Export:
    """Everything the city keeps of the person: one JSON file, zipped with photos if there are."""
    sections = {kind: exporter(person) for kind, exporter in exporters.items()}
    document = {
        "person": str(person.code),
        "exported_at": clock.now(),
        "sections": {kind: section.data for kind, section in sections.items()},
    }
    text = json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2).encode()
    photos = [media for section in sections.values() for media in section.media]
    if photos:
        return Export("citizen.zip", "application/zip", _zipped(text, photos))
    return Export("citizen.json", "application/json", text)


def _zipped(text: bytes, photos: list[Media]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("citizen.json", text)
        for media in photos:
            with media.file.open("rb") as file:
                archive.writestr(f"media/{PurePath(str(media.file)).name}", file.read())
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Erasure:
    """What became of everything, by kind."""

    parts: Mapping[str, Erased] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        return {
            kind: {
                "removed": part.removed,
                "anonymised": part.anonymised,
                "kept": part.kept,
                "reason": str(part.reason),
            }
            for kind, part in self.parts.items()
        }


# The person's addresses and login go last: the other apps' erasers may need them to find rows.
_LAST = ("person", "sign-in")


def _in_order() -> list[str]:
    return [kind for kind in erasers.kinds() if kind not in _LAST] + list(_LAST)


def erase_person(*, person: Person, key: str | None = None) -> dict[str, Any]:
    """Let go of the person: by kind, what was removed, freed of them, or kept and why.

    All or nothing, and once: an erased person is not erased again. The empty row stays.
    """

    def do() -> dict[str, Any]:
        row = Person.objects.select_for_update().get(pk=person.pk)
        if row.erased_at is not None:
            return {}
        return Erasure({kind: erasers.load(kind)(row) for kind in _in_order()}).document()

    return run_once(
        key=key,
        actor=f"person:{person.code}",
        command="accounts.erase",
        request={"person": str(person.code)},
        do=transaction.atomic(do),
    )
