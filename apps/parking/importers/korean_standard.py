"""Rows of the Korean standard data set of car parks (전국주차장정보표준데이터,
data.go.kr 15012896): where they are, how many spaces, when they are open, what they cost.

Prices become a tariff: the basic price for the first minutes, then one price a step, a day's ticket
as the cap of a day.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from apps.base.lists import BadRow, RowError, cells_of, number, raw_rows
from apps.parking.core.tariffs import read_tariff
from apps.parking.models import ParkingSite
from apps.parking.services.provisioning import PoolPlan, SitePlan

SOURCE = "krstd"
FREE = "무료"
_KINDS = {
    "노상": ParkingSite.Kind.STREET,
    "노외": ParkingSite.Kind.LOT,
    "부설": ParkingSite.Kind.GARAGE,
}
_WALL = re.compile(r"(\d{1,2}):?(\d{2})(?::\d{2})?")
_DAYS = (("Mo-Fr", "평일", "평일"), ("Sa", "토요일", "토"), ("Su,PH", "공휴일", "공휴일"))
_MOST_MONEY, _MOST_MIN = 10_000_000, 44_640


@dataclass(frozen=True, slots=True)
class StandardRow:
    """`rules` of the tariff, None where too little is said; `as_of_on` is the row's own date."""

    plan: SitePlan
    siting: str
    grade: str
    plate_rule: str
    rules: Any
    as_of_on: date


def read_standard(path: Path) -> Iterator[tuple[int, StandardRow] | RowError]:
    """Good rows with their number, and errors, in the file's order. Raises UnreadableList."""
    seen: set[str] = set()
    for place, raw in enumerate(raw_rows(path), start=1):
        try:
            row = _read_row(cells_of(raw))
            if row.plan.code in seen:
                raise BadRow(_("주차장관리번호 %s came before.") % row.plan.code)
            seen.add(row.plan.code)
            yield place, row
        except BadRow as error:
            yield RowError(place, str(error))


def _read_row(cells: Mapping[str, str]) -> StandardRow:
    siting = _needed(cells, "주차장유형")
    if siting not in _KINDS:
        raise BadRow(_("주차장유형 is one of %s.") % ", ".join(_KINDS))
    return StandardRow(
        plan=_plan(cells, _KINDS[siting]),
        siting=siting,
        grade=cells.get("급지구분", "")[:20],
        plate_rule=cells.get("부제시행구분", "")[:40],
        rules=_rules(cells),
        as_of_on=_day(_needed(cells, "데이터기준일자")),
    )


def _plan(cells: Mapping[str, str], kind: str) -> SitePlan:
    code, name = _needed(cells, "주차장관리번호"), _needed(cells, "주차장명")
    if not re.fullmatch(r"[\w-]{1,70}", code, re.ASCII):
        raise BadRow(_("주차장관리번호: letters, digits, - and _ only."))
    _needed(cells, "위도"), _needed(cells, "경도")
    return SitePlan(
        code=f"{SOURCE}-{code}",
        names={"": name, "ko": name},
        kind=kind,
        lat=number(cells, "위도", 0, 33, 39),
        lon=number(cells, "경도", 0, 124, 132),
        pools=(PoolPlan(total=int(_whole(cells, "주차구획수", 1, 100_000))),),
        address=(cells.get("소재지도로명주소") or cells.get("소재지지번주소", ""))[:200],
        operator=cells.get("관리기관명", "")[:120],
        opening_hours=_opening_hours(cells),
        source=SOURCE,
    )


def _needed(cells: Mapping[str, str], name: str) -> str:
    if name not in cells:
        raise BadRow(_("%s is missing.") % name)
    return cells[name]


def _whole(cells: Mapping[str, str], name: str, low: int, high: int) -> int:
    _needed(cells, name)
    plain = {name: cells[name].replace(",", "")}
    return int(number(plain, name, 0, low, high))


def _optional(cells: Mapping[str, str], name: str, high: int) -> int:
    return _whole(cells, name, 0, high) if name in cells else 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.replace(".", "-").rstrip("-"))
    except ValueError as error:
        raise BadRow(_("데이터기준일자 is no date: %s") % text) from error


# ---------------------------------------------------------------- opening hours


def _opening_hours(cells: Mapping[str, str]) -> str:
    """In OpenStreetMap's syntax; days on which it is not open are not named."""
    operated = cells.get("운영요일", "평일+토요일+공휴일")
    parts = [
        f"{days} {hours}"
        for days, prefix, word in _DAYS
        if word in operated
        and (hours := _hours(cells, f"{prefix}운영시작시각", f"{prefix}운영종료시각"))
    ]
    if len(parts) == len(_DAYS) and all(part.endswith("00:00-24:00") for part in parts):
        return "24/7"
    return "; ".join(parts)


def _hours(cells: Mapping[str, str], start: str, end: str) -> str:
    """ "" where it is closed or nothing is said."""
    if start not in cells or end not in cells:
        return ""
    opens, closes = _wall(cells[start], start), _wall(cells[end], end)
    if closes in ("23:59", "00:00"):
        closes = "24:00"
    return f"{opens}-{closes}"


def _wall(text: str, name: str) -> str:
    found = _WALL.fullmatch(text)
    if found is None or int(found[1]) > 24 or int(found[2]) > 59:
        raise BadRow(_("%(name)s is no time of day: %(text)s") % {"name": name, "text": text})
    return f"{int(found[1]):02}:{found[2]}"


# ---------------------------------------------------------------- prices


def _rules(cells: Mapping[str, str]) -> Any:
    if cells.get("요금정보") == FREE:
        return {"bands": [{"code": "all_day", "price": 0, "step_min": 60}]}
    first_min = _optional(cells, "주차기본시간", _MOST_MIN)
    step_min = _optional(cells, "추가단위시간", _MOST_MIN)
    if not step_min or "추가단위요금" not in cells:
        return None
    rules: dict[str, Any] = {
        "bands": [
            {"code": "all_day", "step_min": step_min,
             "price": _optional(cells, "추가단위요금", _MOST_MONEY)}
        ]
    }  # fmt: skip
    first_price = _optional(cells, "주차기본요금", _MOST_MONEY)
    if first_min and first_price:
        rules["opening"] = {"minutes": first_min, "price": first_price}
    elif first_min:
        rules["free_first_min"] = first_min
    if day := _optional(cells, "1일주차권요금", _MOST_MONEY):
        rules["day_cap"] = day
    try:
        read_tariff(rules)
    except ValueError as error:
        raise BadRow(_("The price makes no sense: %s") % error) from error
    return rules
