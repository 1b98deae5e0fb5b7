"""The geocoder: what a text means in this city, and what is at a point."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.base.problems import Invalid, Problem
from apps.city.core import queries
from apps.city.core.kinds import kind_meant_by
from apps.city.core.queries import Corner, Named, Near, Numbered
from apps.city.selectors import search_sql
from apps.city.selectors.asking import Question, Row, Statement, ask, names_in

MAX_RESULTS = 50
NEAR_WITHIN_M = 800
SURE = 0.75
# Who asks from farther away than this from the city means another city.
ASKER_MARGIN_DEG = 1.0
POINT_MARGIN_DEG = 0.01

Box = tuple[float, float, float, float]


class OutsideCity(Problem):
    slug, status = "outside-city", 400
    title = gettext_lazy("This place lies outside the city.")


@dataclass(frozen=True, slots=True)
class Found:
    """One answer. `kind` is place, street, district, address or corner; `score` in 0..1."""

    kind: str
    names: Mapping[str, str]
    lon: float
    lat: float
    score: float
    code: str = ""
    place_kind: str = ""
    address: str = ""
    number: str = ""
    exact: bool = True
    distance_m: float | None = None
    district: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Here:
    """What is at a point; None where nothing of its kind is close."""

    address: Mapping[str, Any] | None
    street: Mapping[str, Any] | None
    place: Mapping[str, Any] | None
    district: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A checked question."""

    text: str
    lon: float | None = None
    lat: float | None = None
    limit: int = 10
    box: Box = field(default=(-180.0, -90.0, 180.0, 90.0))

    def __post_init__(self) -> None:
        _check_text(self.text)
        if not 1 <= self.limit <= MAX_RESULTS:
            raise Invalid(errors={"limit": _("Between 1 and %d.") % MAX_RESULTS})
        if (self.lon is None) != (self.lat is None):
            raise Invalid(errors={"lon": _("Give both lat and lon, or neither.")})
        if self.lon is not None and self.lat is not None:
            check_point(self.lon, self.lat, self.box, margin_deg=ASKER_MARGIN_DEG)


def _check_text(text: str) -> None:
    letters = [letter for letter in text if letter.isalnum()]
    if len(text) > queries.MAX_LENGTH:
        raise Invalid(errors={"q": _("At most %d letters.") % queries.MAX_LENGTH})
    if "\x00" in text or not letters or (len(letters) < 2 and letters[0].isascii()):
        raise Invalid(errors={"q": _("At least two letters, or one Korean one.")})


def check_point(lon: float, lat: float, box: Box, *, margin_deg: float) -> None:
    """Raises Invalid for no place on earth or swapped coordinates, OutsideCity for a far one."""
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        if -180 <= lat <= 180 and -90 <= lon <= 90 and _inside(lat, lon, box, margin_deg):
            raise Invalid(errors=_swapped())
        raise Invalid(errors={"lat": _("Degrees: lat from -90 to 90, lon from -180 to 180.")})
    if not _inside(lon, lat, box, margin_deg):
        if _inside(lat, lon, box, margin_deg):
            raise Invalid(errors=_swapped())
        raise OutsideCity


def _swapped() -> dict[str, str]:
    return {"lat": _("lat and lon seem to be swapped.")}


def _inside(lon: float, lat: float, box: Box, margin_deg: float) -> bool:
    west, south, east, north = box
    return (
        west - margin_deg <= lon <= east + margin_deg
        and south - margin_deg <= lat <= north + margin_deg
    )


# ---------------------------------------------------------------- forward


def search(wanted: Wanted) -> list[Found]:
    """Places, streets, districts, addresses and corners that a text may mean, best first."""
    return ask(answers(wanted))


def answers(wanted: Wanted) -> Question[list[Found]]:
    """The question behind `search`, for `ask` and `ask_hot`."""
    found: list[Found] = []
    for reading in queries.readings(wanted.text):
        match reading:
            case Named(text=text) if not _is_sure(found):
                found += yield from _by_name(text, wanted)
            case Numbered(area=area, number=number):
                found += yield from _rows(search_sql.BY_NUMBER, wanted, area=area, number=number)
            case Corner(first=first, second=""):
                found += yield from _rows(search_sql.CORNERS_OF_ONE, wanted, first=first)
            case Corner(first=first, second=second):
                found += yield from _rows(search_sql.CORNERS, wanted, first=first, second=second)
            case Near():
                found += yield from _near(reading, wanted)
    return _best(found, wanted.limit)


def _is_sure(found: Iterable[Found]) -> bool:
    """Whether a narrower reading was answered so well that the text is no plain name."""
    return any(one.score >= SURE for one in found)


def _rows(sql: str, wanted: Wanted, **parameters: Any) -> Question[list[Found]]:
    asked = {"lon": wanted.lon, "lat": wanted.lat, "limit": wanted.limit, **parameters}
    rows = yield Statement(sql, asked)
    return [_found(row) for row in rows]


def _by_name(text: str, wanted: Wanted) -> Question[list[Found]]:
    found = yield from _rows(search_sql.BY_NAME, wanted, text=text)
    if kind := kind_meant_by(text):
        found += yield from _rows(search_sql.BY_KIND, wanted, kind=kind)
    return found


def _near(reading: Near, wanted: Wanted) -> Question[list[Found]]:
    """1. where is the anchor, 2. what is around it."""
    anchor = yield from _anchor(reading.anchor, wanted)
    if anchor is None:
        return []
    lon, lat, code = anchor
    found = yield from _rows(
        search_sql.NEAR_POINT,
        wanted,
        near_lon=lon,
        near_lat=lat,
        but=code,
        within_m=NEAR_WITHIN_M,
        kind=kind_meant_by(reading.what) or "",
        what=reading.what,
    )
    return found


def _anchor(text: str, wanted: Wanted) -> Question[tuple[float, float, str] | None]:
    """The place a text names, the nearest of a kind, or the asker; None if there is none."""
    if not text:
        if wanted.lon is None or wanted.lat is None:
            return None
        return wanted.lon, wanted.lat, ""
    kind = kind_meant_by(text)
    if kind:
        found = yield from _rows(search_sql.BY_KIND, wanted, kind=kind)
    else:
        found = yield from _rows(search_sql.BY_NAME, wanted, text=text)
    best = max(found, key=lambda f: f.score, default=None)
    return (best.lon, best.lat, best.code) if best else None


def _best(found: Iterable[Found], limit: int) -> list[Found]:
    """Each thing once, with its best score."""
    best: dict[tuple[Any, ...], Found] = {}
    for one in found:
        key = (one.kind, one.code or (one.names.get(""), one.number, one.lon, one.lat))
        if key not in best or one.score > best[key].score:
            best[key] = one
    in_order = sorted(best.values(), key=lambda f: (-f.score, f.distance_m or 0.0))
    return in_order[:limit]


def _found(row: Row) -> Found:
    corner = row["kind"] == "corner"
    return Found(
        kind=row["kind"],
        names=_corner_names(row) if corner else names_in(row["names"]),
        lon=row["lon"],
        lat=row["lat"],
        score=round(min(1.0, max(0.0, float(row["score"]))), 4),
        code=row.get("code") or "",
        place_kind=row.get("place_kind") or "",
        address=row.get("address") or "",
        number=row.get("number") or "",
        exact=row.get("exact", True),
        distance_m=row["distance_m"],
        district=_district(row),
    )


def _corner_names(row: Row) -> dict[str, str]:
    first, second = names_in(row["first_names"]), names_in(row["second_names"])
    languages = [code for code in first if code in second]
    return {code: f"{first[code]} × {second[code]}" for code in languages}


def _district(row: Row) -> dict[str, Any] | None:
    if row["district_code"] is None:
        return None
    return {"code": row["district_code"], "names": names_in(row["district_names"])}


# ---------------------------------------------------------------- reverse


def whats_at(lon: float, lat: float, *, box: Box) -> Here:
    """What is at a point. Raises Invalid, OutsideCity."""
    return ask(whats_there(lon, lat, box=box))


def whats_there(lon: float, lat: float, *, box: Box) -> Question[Here]:
    """The question behind `whats_at`."""
    check_point(lon, lat, box, margin_deg=POINT_MARGIN_DEG)
    rows = yield Statement(search_sql.REVERSE, {"lon": lon, "lat": lat})
    row = rows[0]
    return Here(
        address=_part(row, "address", number=row["number"], postcode=row["postcode"]),
        street=_part(row, "street", code=row["street_code"]),
        place=_part(row, "place", code=row["place_code"], place_kind=row["place_kind"]),
        district=_district(row),
    )


def _part(row: Row, part: str, **more: Any) -> dict[str, Any] | None:
    if row[f"{part}_names"] is None:
        return None
    return {
        **more,
        "names": names_in(row[f"{part}_names"]),
        "distance_m": round(row[f"{part}_m"], 1),
    }
