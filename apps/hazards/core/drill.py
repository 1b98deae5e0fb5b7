"""After a drill: when something was said, against when it came true."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Truth:
    """A reading of the recorded flood."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that went to the inbox: who said it, about which level, and when."""

    source: str
    level: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One level of the report. `ahead` is positive where it was said before it came true."""

    level: str
    crossed_at: datetime | None
    said_by: str
    said_at: datetime | None

    @property
    def ahead(self) -> timedelta | None:
        if self.crossed_at is None or self.said_at is None:
            return None
        return self.crossed_at - self.said_at

    @property
    def verdict(self) -> str:
        if self.crossed_at is None:
            return "false alarm" if self.said_at else "nothing happened, nothing was said"
        return "said" if self.said_at else "missed"


def report(
    truth: Sequence[Truth], levels: Sequence[tuple[str, float]], issues: Sequence[Issue]
) -> list[Line]:
    """For each level and each source that spoke of it, and for levels that were crossed unsaid."""
    lines = []
    for name, limit in levels:
        crossed = next((one.at for one in truth if one.value >= limit), None)
        about = sorted((i for i in issues if i.level == name), key=lambda issue: issue.at)
        first: dict[str, Issue] = {}
        for issue in about:
            first.setdefault(issue.source, issue)
        lines += [Line(name, crossed, issue.source, issue.at) for issue in first.values()]
        if crossed and not about:
            lines.append(Line(name, crossed, "", None))
    return lines


def written(lines: Sequence[Line]) -> str:
    """The report as text, a level a line."""
    return "\n".join(
        f"{line.level:11} crossed {_time(line.crossed_at)}  said {_time(line.said_at)} "
        f"{line.said_by:18} {_ahead(line)}"
        for line in lines
    )


def _time(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "never           "


def _ahead(line: Line) -> str:
    if line.ahead is None:
        return line.verdict
    hours = line.ahead.total_seconds() / 3600
    return f"{hours:.1f} h ahead" if hours >= 0 else f"{-hours:.1f} h late"
