"""What a reading over a threshold means. No forecast can take it back: this path asks none.

A reading that is good and agrees with others is a danger that was observed. One that stands alone,
or that no rain explains, is put before people with the doubt written beside it, and never becomes
an alert by itself.
"""

from dataclasses import dataclass
from enum import StrEnum

LEVELS = ("attention", "warning", "alarm", "serious", "plan_flood")
# An underpass, a drain: rain of the last hours within which a rise is explained.
LEAST_RAIN_MM_6H = 5.0


class Severity(StrEnum):
    """CAP 1.2."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"


class Certainty(StrEnum):
    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"


_SEVERITY = {
    "attention": Severity.MINOR,
    "warning": Severity.MODERATE,
    "alarm": Severity.SEVERE,
    "serious": Severity.EXTREME,
    "plan_flood": Severity.EXTREME,
}


@dataclass(frozen=True, slots=True)
class Sight:
    """A reading over a threshold, and what stands beside it. None: nobody there to ask."""

    level: str
    good: bool
    rain_mm_6h: float | None
    neighbours_agree: bool | None
    needs_rain: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    severity: Severity
    certainty: Certainty
    doubt: str = ""  # a cause, where there is one

    @property
    def may_alert(self) -> bool:
        """Whether a pre-authorised policy may act on it without a person."""
        return self.certainty is not Certainty.POSSIBLE


def verdict(sight: Sight) -> Verdict:
    """1. a flawed reading · 2. no rain behind it · 3. alone · 4. observed."""
    if not sight.good:
        return Verdict(Severity.MINOR, Certainty.POSSIBLE, "quality")
    unexplained = sight.rain_mm_6h is not None and sight.rain_mm_6h < LEAST_RAIN_MM_6H
    if sight.needs_rain and unexplained and not sight.neighbours_agree:
        return Verdict(Severity.MINOR, Certainty.POSSIBLE, "no_rain")
    if sight.needs_rain and sight.rain_mm_6h is None and not sight.neighbours_agree:
        return Verdict(Severity.MINOR, Certainty.POSSIBLE, "alone")
    return Verdict(_SEVERITY[sight.level], Certainty.OBSERVED)
