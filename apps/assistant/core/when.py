"""Days and hours as people say them: "내일 여섯 시 반", "at six", "in half an hour".

All in the city's own time; what is said without morning or evening means the next one.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from apps.assistant.core.numerals import ENGLISH, NATIVE, SINO, number, words

NOW = re.compile(
    r"지금|바로|당장|\bnow\b|\bright\s+away\b|\basap\b"
    r"|\bimmediately\b",
    re.IGNORECASE,
)
_EN, _NATIVE, _SINO = words(ENGLISH), words(NATIVE), words(SINO)
_HALF = r"(?P<half>\s*반|\s+and\s+a\s+half)?"
_LASTS = re.compile(
    rf"(?P<hours>\d{{1,2}}|{_EN}|{_NATIVE})\s*(?:시간|hours?\b|hrs?\b){_HALF}"
    rf"(?:\s*(?:and\s+)?(?P<more>\d{{1,2}}|{_SINO})\s*(?:분|min(?:ute)?s?\b))?"
    rf"|(?P<minutes>\d{{1,3}}|{_EN}|{_SINO})\s*(?:분(?!\s*(?:이|타|요|예))|min(?:ute)?s?\b)"
    r"|(?P<half_hour>half\s+an\s+hour|반\s*시간)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"^\s*(?:뒤|후|있다가|이따)", re.IGNORECASE)
_IN = re.compile(r"\bin\s+(?:about\s+)?$", re.IGNORECASE)

_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("dawn", re.compile(r"새벽")),
    ("morning", re.compile(r"오전|아침|\bmorning\b|\ba\.?m\b\.?", re.IGNORECASE)),
    ("night", re.compile(r"밤|\bnight\b", re.IGNORECASE)),
    ("evening", re.compile(r"저녁|\bevening\b|\btonight\b", re.IGNORECASE)),
    ("afternoon", re.compile(r"오후|낮|점심|\bafternoon\b|\bp\.?m\b\.?", re.IGNORECASE)),
)
_ABOUT = {"dawn": 6, "morning": 9, "afternoon": 15, "evening": 19, "night": 21}
_DAYS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (2, re.compile(r"모레|내일\s*모레|\bday\s+after\s+tomorrow\b", re.IGNORECASE)),
    (3, re.compile(r"글피")),
    (1, re.compile(r"내일|낼|\btomorrow\b", re.IGNORECASE)),
    (0, re.compile(r"오늘|\btoday\b|\btonight\b|\bthis\s+(?:morning|afternoon|evening)\b",
                   re.IGNORECASE)),
)  # fmt: skip
_WEEKDAYS = re.compile(
    r"(?P<next>다음\s*주\s*|\bnext\s+)?(?:(?P<ko>[월화수목금토일])요일"
    r"|\b(?P<en>mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?\b)",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(r"(?P<month>\d{1,2})\s*월\s*(?P<day>\d{1,2})\s*일")
_NOON = re.compile(r"정오|\bnoon\b|\bmidday\b", re.IGNORECASE)
_MIDNIGHT = re.compile(r"자정|\bmidnight\b", re.IGNORECASE)
_DIGITAL = re.compile(r"(?<![\d-])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?!\d)")
_KO_CLOCK = re.compile(
    rf"(?<!\w)?(?P<hour>\d{{1,2}}|{_NATIVE})\s*시(?!간|청|장|립|민|설|작|내|외)"
    rf"(?:\s*(?P<half>반)|\s*(?P<minute>\d{{1,2}}|{_SINO})\s*분(?!\s*(?:뒤|후)))?"
)
_EN_PAST = re.compile(
    rf"\b(?P<what>half|quarter|ten|five|twenty)\s+(?P<side>past|to)\s+(?P<hour>\d{{1,2}}|{_EN})\b",
    re.IGNORECASE,
)
_EN_CLOCK = re.compile(
    rf"(?:\b(?P<lead>at|by|around|about|from|until|till|before|after|to)\s+)?"
    rf"(?<![\w:-])(?P<hour>\d{{1,2}}|{_EN})(?:[\s:](?P<minute>[0-5]\d|thirty|fifteen|forty-five))?"
    rf"\s*(?P<mark>a\.?m\b\.?|p\.?m\b\.?|o'?\s?clock)?(?![\w:])",
    re.IGNORECASE,
)
_PAST_MINUTES = {"half": 30, "quarter": 15, "ten": 10, "five": 5, "twenty": 20}
_THINGS = re.compile(r"^\s*(?:of\b|people|persons?|hours?|min|stars?|points?|th\b|st\b"
                     r"|\w+\s+street)",
                     re.IGNORECASE)  # fmt: skip
_BY_THEN = re.compile(
    r"까지\s*(?:가|도착|와|갈|꼭)|까지는|\bby\s+(?=\d|noon|\w+\s*(?:o'|$|am|pm|tomorrow))"
    r"|\bbefore\s+"
    r"|\barrive\b|\bbe\s+(?:there|at\b)|도착해야",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """When, as far as it was said. `at` may be missing ("tomorrow"), and `rough` says that only
    the part of a day was named. `arrives`: it is the time to be there by."""

    at: datetime | None
    on: date | None = None
    rough: bool = False
    arrives: bool = False


def moment_in(
    text: str, now: datetime, *, asked: bool = False, on: date | None = None
) -> Moment | None:
    """The moment a text speaks of, seen from `now` (in the city's zone); None if it names none.

    `asked`: it answers "when?", so that a bare number is an hour. `on` is the day meant where the
    text names none.
    """
    ahead = ahead_in(text)
    if ahead is not None:
        return Moment(now + ahead)
    day, clock, part = _day(text, now) or on, _clock(text, asked=asked), _part(text)
    arrives = bool(_BY_THEN.search(text))
    if clock is not None:
        return Moment(_next(clock, part, day, now), arrives=arrives)
    if part is not None and (day is not None or asked or part in ("evening", "night")):
        on = day or now.date()
        at = _at(on, time(_ABOUT[part]), now)
        return Moment(at if at > now or day else at + timedelta(days=1), rough=True)
    if day is not None:
        return Moment(None, on=day)
    return Moment(now) if NOW.search(text) else None


def ahead_in(text: str) -> timedelta | None:
    """ "in twenty minutes", "한 시간 뒤"."""
    for found in _LASTS.finditer(text):
        if _AFTER.match(text[found.end() :]) or _IN.search(text[: found.start()]):
            return timedelta(minutes=_minutes(found))
    return None


def minutes_in(text: str) -> int | None:
    """How long, where a text says so: "두 시간 반", "for ninety minutes"."""
    found = _LASTS.search(text)
    return _minutes(found) if found else None


def span_in(text: str, now: datetime) -> tuple[datetime, datetime] | None:
    """From when to when: "2시부터 4시까지", "from two to four"."""
    parts = re.split(
        r"부터|에서\s*(?=\d|오|한|두|세|네)|\b(?:to|until|till)\b|~|–", text, maxsplit=1
    )
    if len(parts) != 2:
        return None
    first = moment_in(parts[0], now, on=_day(text, now))
    if first is None or first.at is None:
        return None
    clock = _clock(f"at {parts[1].strip()}", asked=True)
    if clock is None:
        return None
    part = _part(parts[1]) or (_part(parts[0]) if clock.hour < 12 else None)
    last = _next(clock, part, first.at.date(), first.at)
    return (first.at, last) if timedelta() < last - first.at <= timedelta(days=1) else None


def _minutes(found: re.Match[str]) -> int:
    if found["half_hour"]:
        return 30
    if found["minutes"]:
        return number(found["minutes"]) or 0
    hours, more = number(found["hours"]) or 0, number(found["more"] or "0") or 0
    return hours * 60 + (30 if found["half"] else 0) + more


def _day(text: str, now: datetime) -> date | None:
    if dated := _MONTH_DAY.search(text):
        return _month_day(int(dated["month"]), int(dated["day"]), now.date())
    for days, pattern in _DAYS:
        if pattern.search(text):
            return now.date() + timedelta(days=days)
    if weekday := _WEEKDAYS.search(text):
        return _weekday(weekday, now.date())
    return None


def _month_day(month: int, day: int, today: date) -> date | None:
    try:
        found = date(today.year, month, day)
        return found if found >= today else date(today.year + 1, month, day)
    except ValueError:
        return None


def _weekday(found: re.Match[str], today: date) -> date:
    """The next such day, today included; with "next" the one of next week."""
    if found["ko"]:
        wanted = "월화수목금토일".index(found["ko"])
    else:
        wanted = ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(found["en"][:3].lower())
    if found["next"]:
        return today + timedelta(days=7 - today.weekday() + wanted)
    return today + timedelta(days=(wanted - today.weekday()) % 7)


def _part(text: str) -> str | None:
    return next((part for part, pattern in _PARTS if pattern.search(text)), None)


def _clock(text: str, *, asked: bool) -> time | None:
    """The hour as it was said, 1 to 12 or 0 to 23."""
    if _NOON.search(text):
        return time(12)
    if _MIDNIGHT.search(text):
        return time(0)
    if found := _DIGITAL.search(text):
        return time(int(found["hour"]), int(found["minute"]))
    if found := _KO_CLOCK.search(text):
        return _time(number(found["hour"]), 30 if found["half"] else number(found["minute"] or "0"))
    if found := _EN_PAST.search(text):
        return _english_past(found)
    return _english_clock(text, asked=asked)


def _english_past(found: re.Match[str]) -> time | None:
    hour, minutes = number(found["hour"]), _PAST_MINUTES[found["what"].lower()]
    if hour is None:
        return None
    if found["side"].lower() == "past":
        return _time(hour, minutes)
    return _time((hour - 2) % 12 + 1, 60 - minutes)


def _english_clock(text: str, *, asked: bool) -> time | None:
    """A number is an hour after "at" and the like, before "pm" and the like, or where asked."""
    bare: time | None = None
    for found in _EN_CLOCK.finditer(text):
        if found["hour"].lower() in ("a", "an") or _THINGS.match(text[found.end() :]):
            continue
        minute = (found["minute"] or "0").lower()
        spoken = {"thirty": 30, "fifteen": 15, "forty-five": 45}
        said = _time(number(found["hour"]), spoken.get(minute, number(minute)))
        lead = (found["lead"] or "").lower()
        if said and (found["mark"] or (lead and lead != "to")):
            return said
        bare = bare or said
    return bare if asked else None


def _time(hour: int | None, minute: int | None) -> time | None:
    if hour is None or not 0 <= hour <= 24 or not 0 <= (minute or 0) < 60:
        return None
    return time(hour % 24, minute or 0)


def _next(clock: time, part: str | None, day: date | None, now: datetime) -> datetime:
    """The hour as it is meant: by the part of the day, else the next that comes."""
    on = day or now.date()
    if part is not None:
        at = _at(on, _by_part(clock, part), now)
        at += timedelta(days=1 if part == "night" and at.hour < 6 and clock.hour < 6 else 0)
        return at if at > now or day else at + timedelta(days=1)
    if clock.hour > 12 or clock.hour == 0:
        at = _at(on, clock, now)
        return at if at > now or day else at + timedelta(days=1)
    if on == now.date():
        both = [_at(on, clock, now), _at(on, time((clock.hour + 12) % 24, clock.minute), now)]
        if coming := [at for at in both if at > now]:
            return min(coming)
        on += timedelta(days=0 if day else 1)
    return _at(on, _in_waking_hours(clock), now)


def _by_part(clock: time, part: str) -> time:
    late = part in ("afternoon", "evening") or (part == "night" and clock.hour >= 6)
    if late and clock.hour < 12:
        return clock.replace(hour=clock.hour + 12)
    if part in ("dawn", "morning", "night") and clock.hour == 12:
        return clock.replace(hour=0) if part != "morning" else clock
    return clock


def _in_waking_hours(clock: time) -> time:
    return clock.replace(hour=clock.hour + 12) if 1 <= clock.hour < 7 else clock


def _at(on: date, clock: time, now: datetime) -> datetime:
    return datetime.combine(on, clock, tzinfo=now.tzinfo)
