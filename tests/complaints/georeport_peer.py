"""A client of GeoReport v2 that reads both formats and says how an answer deviates from a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.test import Client
from lxml import etree

from tests.complaints.georeport_cases import Case

BASE = "/open311/v2"
ROOTS = ("services", "service_requests", "service_request_updates", "errors")


@dataclass(frozen=True)
class Answer:
    status: int
    entries: list[dict[str, Any]]
    """The list's entries; a document that is no list counts as one."""

    @property
    def first(self) -> dict[str, Any]:
        return self.entries[0] if self.entries else {}


def ask(client: Client, case: Case, form: str, known: Mapping[str, str]) -> Answer:
    path = f"{BASE}/{_filled(case.path, known)}.{form}"
    headers = {"Accept-Language": "en"}
    if case.form is None:
        answer = client.get(path, _filled(case.query, known), headers=headers)
    else:
        body = _filled(case.form, known)
        answer = client.post(path, body, headers=headers)  # multipart, as browsers send it
    read = _from_xml if form == "xml" else _from_json
    wanted = "text/xml" if form == "xml" else "application/json"
    assert answer["Content-Type"].startswith(wanted), answer["Content-Type"]
    return Answer(answer.status_code, read(answer))


def _filled(value: Any, known: Mapping[str, str]) -> Any:
    match value:
        case str():
            for name, text in known.items():
                value = value.replace(f"{{{name}}}", text)
            return value
        case Mapping():
            return {name: _filled(each, known) for name, each in value.items()}
        case list():
            return [_filled(each, known) for each in value]
    return value


def _from_json(answer: Any) -> list[dict[str, Any]]:
    content = answer.json()
    return content if isinstance(content, list) else [content]


def _from_xml(answer: Any) -> list[dict[str, Any]]:
    root = etree.fromstring(answer.content)
    if root.tag in ROOTS:
        return [_element(entry) for entry in root]
    return [_element(root)]


def _element(element: Any) -> dict[str, Any]:
    return {child.tag: _value(child) for child in element}


def _value(element: Any) -> Any:
    if len(element):
        return [_element(child) if len(child) else child.text for child in element]
    text = element.text
    return {"true": True, "false": False}.get(text, text)


def deviations(case: Case, answer: Answer, known: Mapping[str, str]) -> list[str]:
    """What about the answer is not as the case has it."""
    found: list[str] = []
    if answer.status != case.status:
        found.append(f"status {answer.status} instead of {case.status}: {answer.first}")
    if case.entries is not None and len(answer.entries) != case.entries:
        found.append(f"{len(answer.entries)} entries instead of {case.entries}")
    for name, wanted in _filled(case.has, known).items():
        value = answer.first.get(name)
        if value in (None, "", []) if wanted is ... else value != wanted:
            found.append(f"{name} is {value!r} instead of {wanted!r}")
    found += [f"{name} is shown" for name in case.lacks if answer.first.get(name)]
    if case.status >= 400:
        found += _wrong_error(case, answer)
    return found


def _wrong_error(case: Case, answer: Answer) -> list[str]:
    first = answer.first
    if set(first) != {"code", "description"} or str(first["code"]) != str(case.status):
        return [f"not an error document: {first}"]
    said = " ".join(str(entry["description"]) for entry in answer.entries)
    return [] if case.says in said else [f"{case.says!r} is not in {said!r}"]
