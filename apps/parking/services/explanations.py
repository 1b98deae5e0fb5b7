"""A price's lines as sentences, in the language of whoever asks."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.parking.core.pricing import Line
from apps.parking.core.tariffs import MINOR_DIGITS

SENTENCES = {
    "free_first": gettext_noop("The first %(minutes)s minutes are free"),
    "turnaround": gettext_noop("Free: no longer than %(minutes)s minutes"),
    "opening": gettext_noop("First %(minutes)s minutes"),
    "band": gettext_noop("%(steps)s × %(step_min)s min at %(price)s (%(band)s)"),
    "free_band": gettext_noop("Free hours (%(band)s)"),
    "band_cap": gettext_noop("No more than %(cap)s (%(band)s)"),
    "day_cap": gettext_noop("No more than %(cap)s a day"),
    "discount": gettext_noop("%(discount)s: %(percent)s %% off"),
    "discount_amount": gettext_noop("%(discount)s"),
    "discount_free": gettext_noop("%(discount)s: %(minutes)s minutes free"),
    "ev_idle": gettext_noop("Charging had ended: %(minutes)s minutes at the charger"),
    "rounding": gettext_noop("Rounded to %(unit)s"),
    "shared": gettext_noop("%(steps)s × %(step_min)s min at %(price)s"),
}
_MONEY = ("price", "cap", "unit")
# What staff call bands and discounts in tariffs; other codes are shown as they are.
WORDS = {
    "day": gettext_noop("daytime"),
    "night": gettext_noop("night"),
    "weekend": gettext_noop("weekend"),
    "saturday": gettext_noop("Saturday"),
    "holiday": gettext_noop("holiday"),
    "event": gettext_noop("event"),
    "disabled": gettext_noop("Disabled people"),
    "compact": gettext_noop("Compact car"),
    "low_emission": gettext_noop("Low-emission car"),
    "multi_child": gettext_noop("Family with several children"),
    "veteran": gettext_noop("Veterans"),
    "transfer": gettext_noop("Park and ride"),
}


def explained(lines: Iterable[Line], currency: str) -> list[dict[str, Any]]:
    """JSON-ready: code, numbers and amount for machines, `text` for people."""
    return [
        {
            "code": line.code,
            "amount": line.amount,
            "params": dict(line.params),
            "text": sentence(line, currency),
        }
        for line in lines
    ]


def sentence(line: Line, currency: str) -> str:
    return _(SENTENCES[line.code]) % _words(line.params, currency)


def _words(params: Mapping[str, Any], currency: str) -> dict[str, str]:
    return {
        name: money(value, currency) if name in _MONEY else _word(value)
        for name, value in params.items()
    }


def _word(value: Any) -> str:
    return _(WORDS[value]) if value in WORDS else str(value)


def money(amount: int, currency: str) -> str:
    if currency == "KRW":
        return _("₩%(won)s") % {"won": f"{amount:,}"}
    digits = MINOR_DIGITS[currency]
    return f"{amount / 10**digits:,.{digits}f} {currency}"
