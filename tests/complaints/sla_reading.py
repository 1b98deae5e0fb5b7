"""Reads the hand-made table and says which lines the clock gets wrong."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from apps.complaints.core.working_time import Hours, Office, Span, Unit, due_at
from tests.complaints.sla_cases import BERLIN, HOLIDAYS_2026, HOLIDAYS_BERLIN, SEOUL

_UNITS = {
    "h": (60, Unit.WORKING_MINUTES), "m": (1, Unit.WORKING_MINUTES), "d": (1, Unit.WORKING_DAYS),
    "c": (1, Unit.CALENDAR_DAYS),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    text: str
    start: datetime
    amount: int
    unit: Unit
    pauses: tuple[Span, ...]
    due: datetime
    office: Office

    @property
    def reckoned(self) -> datetime:
        return due_at(self.start, self.amount, self.unit, self.office, self.pauses)


def lines() -> Iterator[Line]:
    yield from _read(SEOUL, office("Asia/Seoul", HOLIDAYS_2026))
    yield from _read(BERLIN, office("Europe/Berlin", HOLIDAYS_BERLIN))


def office(zone: str, holidays: tuple[str, ...]) -> Office:
    off = {date.fromisoformat(day) for day in holidays}
    return Office(Hours(ZoneInfo(zone)), lambda day: day.weekday() < 5 and day not in off)


def _read(table: str, office_: Office) -> Iterator[Line]:
    zone = office_.hours.zone
    for text in table.strip().splitlines():
        start, period, pauses, due = (part.strip() for part in text.split("|"))
        number, letter = re.fullmatch(r"(\d+)([hmdc])", period).groups()  # type: ignore[union-attr]
        factor, unit = _UNITS[letter]
        spans = [pause.split(">") for pause in pauses.split(",") if pause.strip()]
        yield Line(
            text=text, start=_at(start, zone), amount=int(number) * factor, unit=unit,
            pauses=tuple((_at(begin, zone), _at(end, zone)) for begin, end in spans),
            due=_at(due, zone), office=office_,
        )  # fmt: skip


def _at(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text.strip()).replace(tzinfo=zone)


def mismatches() -> list[str]:
    return [
        f"{line.text}, not {line.reckoned.astimezone(line.office.hours.zone):%Y-%m-%d %H:%M}"
        for line in lines()
        if line.reckoned != line.due
    ]
