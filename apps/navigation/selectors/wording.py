"""The core's findings in the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from apps.navigation.core.explanations import Blocker, Explanation, NoWay, Relaxation
from apps.navigation.core.sentences import (
    NO_CONNECTION,
    Message,
    possibility,
    reason,
    render,
    sentence,
)


def said(message: Message) -> str:
    """In the language of this request."""
    return capitalised(render(message, gettext))


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def into(language: str) -> Callable[[str], str]:
    """A translator into one language, whatever the request speaks."""

    def translate(text: str) -> str:
        with translation.override(language):
            return gettext(text)

    return translate


def blocker_row(blocker: Blocker) -> dict[str, Any]:
    """One thing that stands in the way, with its sentence."""
    return {
        "code": blocker.code,
        "limit_field": blocker.field,
        "feature": blocker.feature,
        "name": blocker.name,
        "key": blocker.key,
        "value": blocker.value,
        "limit": blocker.limit,
        "unit": blocker.unit,
        "source": blocker.source,
        "checked_on": date_text(blocker.checked_on),
        "lon": round(blocker.lon, 7),
        "lat": round(blocker.lat, 7),
        "saves_m": None if blocker.saves_m is None else round(blocker.saves_m),
        "saves_s": None if blocker.saves_s is None else round(blocker.saves_s),
        "say": said(sentence(blocker)),
        "reason": said(reason(blocker)),
    }


def explanation_row(explanation: Explanation) -> dict[str, Any]:
    return {
        "walk_m": round(explanation.walk_m),
        "detour_m": round(explanation.detour_m),
        "blockers": [blocker_row(blocker) for blocker in explanation.blockers],
    }


def relaxation_rows(found: NoWay) -> list[dict[str, Any]]:
    """What would have to give; one row that says so where nothing would help."""
    if not found.relaxations:
        nothing = Relaxation("", None, None, "", ())
        return [_relaxation_row(nothing, NO_CONNECTION)]
    return [_relaxation_row(r, possibility(r)) for r in found.relaxations]


def _relaxation_row(relaxation: Relaxation, message: Message) -> dict[str, Any]:
    return {
        "field": relaxation.field,
        "limit": relaxation.limit,
        "needed": relaxation.needed,
        "unit": relaxation.unit,
        "say": said(message),
        "blockers": [blocker_row(blocker) for blocker in relaxation.blockers],
    }


def date_text(number: int) -> str | None:
    """yyyymmdd as far as it is known: 2026, 2026-03 or 2026-03-14."""
    if not number:
        return None
    year, month, day = number // 10000, number // 100 % 100, number % 100
    return "-".join([f"{year:04d}"] + [f"{part:02d}" for part in (month, day) if part])


def report_lines(report: dict[str, Any]) -> list[tuple[str, str]]:
    """A build's report, line by line, for staff."""
    driving = report.get("driving") or {}
    lines = [
        (gettext("Segments"), f"{report['segments_n']:,}"),
        (gettext("Walking network"), f"{report['length_m'] / 1000:,.1f} km"),
        (gettext("of it derived from roads' tags"), f"{report['synthetic_m'] / 1000:,.1f} km"),
        (gettext("Driving network"), f"{driving.get('length_m', 0) / 1000:,.1f} km"),
        (gettext("Crossings"), f"{report['crossings_n']:,}"),
        (gettext("Crossings without a described kerb"), f"{report['crossings_without_kerb_n']:,}"),
        (gettext("Islands"), f"{report['islands_n']:,} ({report['island_m'] / 1000:,.1f} km)"),
    ]

    lines += [
        (gettext("Known: %s") % gettext(_ATTRIBUTE_NAMES[name]), f"{share:.0%}")
        for name, share in report["known_share"].items()
    ]
    lines += [(kind, f"{n:,}") for kind, n in sorted(report["segments_by_kind"].items())]
    return lines


_ATTRIBUTE_NAMES = {
    "incline": gettext_noop("incline"),
    "width": gettext_noop("width"),
    "surface": gettext_noop("surface"),
    "smoothness": gettext_noop("smoothness"),
    "lit": gettext_noop("lighting"),
    "tactile": gettext_noop("tactile paving"),
}
