"""Answers to a service's own questions, checked against them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from apps.base.problems import Invalid, Text
from apps.complaints.models import Service, ServiceAttribute
from apps.complaints.services.privacy import clean

Datatype = ServiceAttribute.Datatype
MAX_LENGTH = 2000


def check_answers(service: Service, given: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as they may be kept, free ones masked. Raises Invalid naming `attribute[code]`."""
    asked = {row.code: row for row in service.attributes.all() if row.is_variable}
    errors: dict[str, Text] = {
        f"attribute[{code}]": _("This service asks no such thing.")
        for code in given
        if code not in asked
    }
    kept: dict[str, Any] = {}
    for code, attribute in asked.items():
        value = given.get(code)
        if value in (None, "", []):
            if attribute.is_required:
                errors[f"attribute[{code}]"] = _("This must be answered.")
            continue
        try:
            kept[code] = _READ[Datatype(attribute.datatype)](attribute, value)
        except (ValueError, TypeError):
            errors[f"attribute[{code}]"] = _EXPECTED[Datatype(attribute.datatype)]
    if errors:
        raise Invalid(errors=errors)
    return kept


def _words(_attribute: ServiceAttribute, value: Any) -> str:
    if not isinstance(value, str | int | float) or len(str(value)) > MAX_LENGTH:
        raise ValueError
    return clean(str(value)).masked


def _number(_attribute: ServiceAttribute, value: Any) -> float:
    number = float(value)
    if not abs(number) < 1e12:
        raise ValueError
    return int(number) if number.is_integer() else number


def _instant(_attribute: ServiceAttribute, value: Any) -> str:
    instant = parse_datetime(str(value))
    if instant is None or instant.tzinfo is None:
        raise ValueError
    return instant.isoformat()


def _one(attribute: ServiceAttribute, value: Any) -> str:
    if isinstance(value, list):
        (value,) = value
    if str(value) not in map(str, attribute.keys):
        raise ValueError
    return str(value)


def _some(attribute: ServiceAttribute, value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [_one(attribute, each) for each in dict.fromkeys(map(str, values))]


_READ: dict[Datatype, Callable[[ServiceAttribute, Any], Any]] = {
    Datatype.STRING: _words,
    Datatype.TEXT: _words,
    Datatype.NUMBER: _number,
    Datatype.DATETIME: _instant,
    Datatype.SINGLE: _one,
    Datatype.MULTI: _some,
}
_EXPECTED: dict[Datatype, Text] = {
    Datatype.STRING: _("A line of text is expected."),
    Datatype.TEXT: _("A text is expected."),
    Datatype.NUMBER: _("A number is expected."),
    Datatype.DATETIME: _("Date and time with zone are expected, as ISO 8601 writes them."),
    Datatype.SINGLE: _("One of the choices is expected."),
    Datatype.MULTI: _("Some of the choices are expected."),
}
