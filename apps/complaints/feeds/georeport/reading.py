"""What a GeoReport client asks or files, read and checked; mistakes come out as `Refused`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from apps.base import clock
from apps.base.problems import Problem
from apps.complaints.core.numbers import read_number
from apps.complaints.models import Jurisdiction

MAX_SPAN = timedelta(days=90)
MAX_ROWS = 1000
MAX_IDS = 200
DATE_LENGTH = len("2026-11-25")
_ATTRIBUTE = re.compile(r"attribute\[([A-Za-z0-9_-]{1,40})\](\[\])?")


class Refused(Exception):
    """An error in the caller's format: HTTP status and one sentence or more."""

    def __init__(self, status: int, *texts: str) -> None:
        super().__init__(*texts)
        self.status, self.texts = status, texts


def refusal_of(problem: Problem) -> Refused:
    """What a service had against it, in GeoReport's terms."""
    texts = [f"{field}: {text}" for field, text in problem.errors.items()]
    status = {415: 400, 413: 400}.get(problem.status, problem.status)
    return Refused(status, *(texts or [str(problem.detail or problem.title)]))


def check_jurisdiction(asked: Mapping[str, Any], ours: Jurisdiction | None) -> None:
    """One that is left out is ours; any other is unknown here."""
    wanted = asked.get("jurisdiction_id")
    if wanted and (ours is None or wanted != ours.jurisdiction_id):
        raise Refused(404, _("jurisdiction_id provided was not found."))


@dataclass(frozen=True, slots=True)
class Search:
    numbers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    begins: datetime | None = None
    ends: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    radius_m: float = 0.0
    page: int = 1
    page_size: int = MAX_ROWS


def read_search(asked: QueryDict) -> Search:
    if ids := _list(asked, "service_request_id"):
        if len(ids) > MAX_IDS:
            raise Refused(400, _("At most 200 ids at once."))
        return Search(numbers=tuple(read_number(each) or each for each in ids))
    statuses = _list(asked, "status")
    if set(statuses) - {"open", "closed"}:
        raise Refused(400, _("status is open, closed or both."))
    begins, ends = _span(_instant(asked, "start_date"), _instant(asked, "end_date"))
    lat, lon, radius_m = _around(asked)
    return Search(
        services=_list(asked, "service_code"),
        statuses=statuses,
        begins=begins,
        ends=ends,
        updated_after=_instant(asked, "updated_after"),
        updated_before=_instant(asked, "updated_before"),
        lat=lat,
        lon=lon,
        radius_m=radius_m,
        page=_whole(asked, "page", 1, least=1, most=100_000),
        page_size=_whole(asked, "page_size", MAX_ROWS, least=1, most=MAX_ROWS),
    )


def _span(
    begins: datetime | None, ends: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """Ninety days at most; the last ninety where nothing is said."""
    if begins is None and ends is None:
        return clock.now() - MAX_SPAN, None
    if begins is None:
        assert ends is not None
        return ends - MAX_SPAN, ends
    if ends is None:
        return begins, begins + MAX_SPAN
    if ends < begins:
        raise Refused(400, _("end_date lies before start_date."))
    if ends - begins > MAX_SPAN:
        raise Refused(400, _("start_date and end_date span at most 90 days."))
    return begins, ends


def _list(asked: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in asked.get(name, "").split(",") if part.strip())


def _instant(asked: QueryDict, name: str) -> datetime | None:
    """ISO 8601 with a zone; a bare date begins at midnight UTC."""
    text = asked.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        text = f"{text}T00:00:00Z" if len(text) == DATE_LENGTH else text
        instant = parse_datetime(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Refused(400, _("%s is date and time with zone, as ISO 8601 writes them.") % name)
    return instant


def _around(asked: QueryDict) -> tuple[float | None, float | None, float]:
    if "lat" not in asked and "long" not in asked:
        return None, None, 0.0
    lat, lon = _number(asked, "lat"), _number(asked, "long")
    radius_m = _number(asked, "radius") if "radius" in asked else 500.0
    if not 0 < radius_m <= 10_000:
        raise Refused(400, _("radius is between 1 and 10,000 metres."))
    return lat, lon, radius_m


def _number(asked: QueryDict, name: str) -> float:
    try:
        number = float(asked.get(name, ""))
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e9:
        raise Refused(400, _("%s is a number.") % name)
    return number


def _whole(asked: QueryDict, name: str, otherwise: int, *, least: int, most: int) -> int:
    text = asked.get(name, "")
    if not text:
        return otherwise
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise Refused(400, _("%(name)s is between %(least)d and %(most)d.")
                      % {"name": name, "least": least, "most": most})  # fmt: skip
    return int(text)


# ---------------------------------------------------------------- filing


@dataclass(frozen=True, slots=True)
class Filing:
    service_code: str
    description: str
    lat: float | None
    lon: float | None
    address: str
    address_id: str
    answers: Mapping[str, Any]
    email: str
    phone: str
    name: str
    media_url: str


def read_filing(request: HttpRequest) -> Filing:
    """A form, urlencoded or multipart. Raises Refused."""
    if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise Refused(400, _("A form is expected, as application/x-www-form-urlencoded."))
    form = request.POST
    if not form.get("service_code"):
        raise Refused(400, _("service_code was not provided."))
    has_point = bool(form.get("lat") or form.get("long"))
    return Filing(
        service_code=form["service_code"],
        description=form.get("description", ""),
        lat=_number(form, "lat") if has_point else None,
        lon=_number(form, "long") if has_point else None,
        address=form.get("address_string", ""),
        address_id=form.get("address_id", ""),
        answers=_answers(form),
        email=form.get("email", "").strip(),
        phone=form.get("phone", "").strip(),
        name=f"{form.get('first_name', '')} {form.get('last_name', '')}".strip(),
        media_url=form.get("media_url", "").strip(),
    )


def _answers(form: QueryDict) -> dict[str, Any]:
    """`attribute[code]=…`, and `attribute[code][]=…` as often as there are values."""
    answers: dict[str, Any] = {}
    for field in form:
        if found := _ATTRIBUTE.fullmatch(field):
            code, several = found.groups()
            answers[code] = form.getlist(field) if several else form[field]
    return answers
