"""Routing rules: ordered, the first that fits decides. A rule fits if all it says holds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

KNOWN = frozenset({"services", "text", "languages", "channels", "days", "from", "until"})


class RuleUnreadable(ValueError):
    """What a rule says cannot be read; the message says which part."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule looks at. `at` is the city's local time; `areas` are the rules' own areas (by
    primary key) in which the case lies."""

    service: str
    text: str
    language: str
    channel: str
    at: datetime
    areas: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Conditions:
    services: frozenset[str] = frozenset()
    text: re.Pattern[str] | None = None
    languages: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    days: frozenset[int] = frozenset()
    """Monday is 1, as ISO 8601 counts."""
    opens: time | None = None
    closes: time | None = None

    def fit(self, case: Case) -> bool:
        return (
            (not self.services or case.service in self.services)
            and (not self.languages or case.language in self.languages)
            and (not self.channels or case.channel in self.channels)
            and (not self.days or case.at.isoweekday() in self.days)
            and self._within_hours(case.at.time())
            and (self.text is None or self.text.search(case.text) is not None)
        )

    def _within_hours(self, moment: time) -> bool:
        """A span that ends before it begins goes over midnight."""
        if self.opens is None or self.closes is None:
            return True
        if self.opens <= self.closes:
            return self.opens <= moment < self.closes
        return moment >= self.opens or moment < self.closes


def read_conditions(written: Mapping[str, Any]) -> Conditions:
    """Raises RuleUnreadable."""
    if unknown := set(written) - KNOWN:
        raise RuleUnreadable(f"not known: {', '.join(sorted(unknown))}")
    if ("from" in written) != ("until" in written):
        raise RuleUnreadable("from and until belong together")
    return Conditions(
        services=_words(written, "services"),
        text=_pattern(written.get("text", ())),
        languages=_words(written, "languages"),
        channels=_words(written, "channels"),
        days=_days(written.get("days", ())),
        opens=_time(written, "from"),
        closes=_time(written, "until"),
    )


def _words(written: Mapping[str, Any], name: str) -> frozenset[str]:
    words = written.get(name, ())
    if isinstance(words, str) or not all(isinstance(word, str) for word in words):
        raise RuleUnreadable(f"{name} is a list of words")
    return frozenset(words)


def _pattern(words: Any) -> re.Pattern[str] | None:
    """Words to look for, as they stand: no expression of one's own can hang the city."""
    if isinstance(words, str) or not all(isinstance(word, str) and word for word in words):
        raise RuleUnreadable("text is a list of words to look for")
    return re.compile("|".join(map(re.escape, words)), re.IGNORECASE) if words else None


def _days(days: Any) -> frozenset[int]:
    if not all(isinstance(day, int) and 1 <= day <= 7 for day in days):
        raise RuleUnreadable("days are numbers from 1 (Monday) to 7")
    return frozenset(days)


def _time(written: Mapping[str, Any], name: str) -> time | None:
    try:
        return time.fromisoformat(written[name]) if name in written else None
    except (TypeError, ValueError) as error:
        raise RuleUnreadable(f"{name} is a time such as 18:00") from error


@dataclass(frozen=True, slots=True)
class Rule:
    key: int
    conditions: Conditions
    has_area: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    def fits(self, case: Case) -> bool:
        return (not self.has_area or self.key in case.areas) and self.conditions.fit(case)


def first_fit(rules: Sequence[Rule], case: Case) -> Rule | None:
    return next((rule for rule in rules if rule.fits(case)), None)
