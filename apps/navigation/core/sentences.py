"""The words for blockers, relaxations, steps and cues: message ids with parameters.

This core knows no language. A `Message` names an English text and the values to put in; a shell
translates the text by
its catalogue and fills it. Values that are messages themselves are rendered first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from apps.navigation.core.explanations import Blocker, Relaxation


def gettext_noop(text: str) -> str:
    """Marks a text for the catalogue without translating it here."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    text: str
    values: Mapping[str, "str | float | int | Message"] = field(default_factory=dict)


def render(message: Message, translate: Callable[[str], str]) -> str:
    """The sentence in the language of `translate`."""
    values = {
        name: render(value, translate) if isinstance(value, Message) else value
        for name, value in message.values.items()
    }
    text = translate(message.text)
    return text % values if values else text


_REASONS: Mapping[str, str] = {
    "steps": gettext_noop("%(value)s steps without a ramp"),
    "steps_one": gettext_noop("a step without a ramp"),
    "steps_uncounted": gettext_noop("steps without a ramp"),
    "kerb_up": gettext_noop("a kerb of about %(value)s cm to climb, more than your %(limit)s cm"),
    "kerb_down": gettext_noop("a kerb of about %(value)s cm down, more than your %(limit)s cm"),
    "incline_up": gettext_noop("%(value)s %% uphill, steeper than your %(limit)s %%"),
    "incline_down": gettext_noop("%(value)s %% downhill, steeper than your %(limit)s %%"),
    "width": gettext_noop("only %(value)s m wide, and you need %(limit)s m"),
    "smoothness": gettext_noop("a rough surface"),
    "cross_slope": gettext_noop("a sideways slope of %(value)s %%, more than your %(limit)s %%"),
    "escalator": gettext_noop("an escalator"),
    "wheelchair_no": gettext_noop("marked as not passable in a wheelchair"),
    "barrier": gettext_noop("a barrier that wheels cannot pass"),
    "short_green": gettext_noop(
        "a crossing whose lights give %(limit)s s, and you need %(value)s s"
    ),
    "obstacle": gettext_noop("an obstacle reported there now"),
    "unknown_kerb": gettext_noop("a kerb nobody has described"),
    "unknown_incline": gettext_noop("a slope nobody has measured"),
    "unknown_width": gettext_noop("a width nobody has measured"),
    "unknown_surface": gettext_noop("a surface nobody has described"),
    "unknown_smoothness": gettext_noop("a smoothness nobody has described"),
}
_SOURCES: Mapping[str, str] = {
    "osm": gettext_noop("OpenStreetMap"),
    "dem": gettext_noop("elevation model"),
    "citizen": gettext_noop("report by a citizen"),
    "staff": gettext_noop("city staff"),
    "device": gettext_noop("sensor"),
}
_NOT_VIA = gettext_noop("Not via %(name)s: %(reason)s (%(source)s, %(date)s).")
_NOT_THERE = gettext_noop("The shorter way is closed to you: %(reason)s (%(source)s, %(date)s).")
_WOULD_SAVE = gettext_noop("%(sentence)s It would save %(saves)s m.")
_UNDATED = gettext_noop("undated")
_POSSIBLE_IF = gettext_noop("It would be possible if you accept %(reason)s.")
NO_CONNECTION = Message(gettext_noop("These two places are not connected for walkers."))


def reason(blocker: Blocker) -> Message:
    """What stands in the way, as part of a sentence."""
    code = _code(blocker)
    values: dict[str, str | float | int | Message] = {}
    if "%(value)s" in _REASONS[code]:
        values["value"] = _shown(blocker.value)
    if "%(limit)s" in _REASONS[code]:
        values["limit"] = _shown(blocker.limit)
    return Message(_REASONS[code], values)


def _code(blocker: Blocker) -> str:
    if blocker.code != "steps" or blocker.value not in (None, 1.0):
        return blocker.code
    return "steps_one" if blocker.value == 1.0 else "steps_uncounted"


def _shown(value: float | str | None) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return value or "?"


def sentence(blocker: Blocker) -> Message:
    """Why not there: the place, the reason, who says so, since when, and what it would save."""
    values: dict[str, str | float | int | Message] = {
        "name": blocker.name,
        "reason": reason(blocker),
        "source": Message(_SOURCES.get(blocker.source, blocker.source)),
        "date": _date(blocker.checked_on),
    }
    whole = Message(_NOT_VIA if blocker.name else _NOT_THERE, values)
    if blocker.saves_m is None or blocker.saves_m < 10:
        return whole
    return Message(_WOULD_SAVE, {"sentence": whole, "saves": f"{round(blocker.saves_m, -1):.0f}"})


def _date(number: int) -> Message | str:
    """yyyymmdd as far as it is known: 2026, 2026-03 or 2026-03-14."""
    if not number:
        return Message(_UNDATED)
    year, month, day = number // 10000, number // 100 % 100, number % 100
    parts = [f"{year:04d}"] + [f"{part:02d}" for part in (month, day) if part]
    return "-".join(parts)


def possibility(relaxation: Relaxation) -> Message:
    """What accepting one relaxation means, told by its worst blocker."""
    worst = next(
        (b for b in relaxation.blockers if b.value == relaxation.needed), relaxation.blockers[0]
    )
    return Message(_POSSIBLE_IF, {"reason": reason(worst)})
