"""APDS (ISO/TS 5206-1): places, rate tables and right specifications."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from apps.base import names
from apps.parking.core.tariffs import MINOR_DIGITS, Band
from apps.parking.core.tariffs import Tariff as Rules
from apps.parking.feeds.facts import PublishedSite, PublishedTariff
from apps.parking.feeds.parkapi import written
from apps.parking.models import Category, ParkingSite

VERSION = 1
_STRUCTURE = {ParkingSite.Kind.GARAGE: "multiLevel"}
_DAYS = {
    "working": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    "saturday": ["saturday"],
    "holiday": ["sunday"],
}

Document = dict[str, Any]


def place(site: PublishedSite) -> Document:
    document: Document = {
        "id": _id("place", site.code),
        "version": VERSION,
        "type": "place",
        "layer": 1,
        "aliases": [site.code],
        "name": _strings(site.names),
        "indicativePointLocation": {"type": "Point", "coordinates": [site.lon, site.lat]},
        "characteristics": {
            "structureGrade": _STRUCTURE.get(ParkingSite.Kind(site.kind), "atGrade"),
            "spacesTotal": site.total,
        },
        "rightSpecifications": [_reference("right", _right_code(site, t)) for t in site.tariffs],
        "occupancyLevel": _occupancy(site),
    }
    if site.address:
        lines = [{"order": 1, "text": site.address, "type": "street"}]
        document["placeStreetAddress"] = {"addressLines": lines}
    if site.max_height_m is not None:
        document["dimensions"] = {"maximumVehicleHeight": site.max_height_m}
    if site.operator:
        organisation = {
            "id": _id("organisation", site.operator),
            "name": _strings({"": site.operator}),
        }
        document["responsibilityRoleAssignments"] = [
            {"type": "operator", "organisation": organisation}
        ]
    return document


def _occupancy(site: PublishedSite) -> Document:
    """Of each kind of space what is known at present, with its instant; never an old number."""
    return {
        "spacesByCategory": [
            {"category": pool["category"], "spacesTotal": pool["total"]}
            | (
                {}
                if pool["free"] is None
                else {
                    "spacesVacant": pool["free"],
                    "spacesOccupied": pool["total"] - pool["free"],
                    "observationDateTime": written(pool["observed_at"]),
                }
            )
            for pool in site.pools
        ]
    }


def rate_table(tariff: PublishedTariff) -> Document:
    rules = tariff.rules
    return {
        "id": _id("rate", tariff.code),
        "version": VERSION,
        "rateTableName": _strings(tariff.names),
        "availability": "public",
        "rateLineCollections": [
            _collection(rules, band, sequence) for sequence, band in enumerate(rules.bands, start=1)
        ],
        "maximumFee": None if rules.day_cap is None else _money(rules, rules.day_cap),
    }


def _collection(rules: Rules, band: Band, sequence: int) -> Document:
    """The first that covers an hour holds, as `collectionSequence` says."""
    lines: list[Document] = []
    if rules.free_first_min:
        lines.append({"durationEnd": _minutes(rules.free_first_min), "value": 0,
                      "rateLineType": "flatRateTier"})  # fmt: skip
    lines.append(
        {"incrementPeriod": _minutes(band.step_min), "value": _money(rules, band.price),
         "rateLineType": "incrementingRate"}
    )  # fmt: skip
    return {
        "collectionSequence": sequence,
        "applicableCurrency": rules.currency,
        "relativeTimes": True,
        "validityPeriod": _period(band),
        "rateLines": [{"sequence": n, **line} for n, line in enumerate(lines, start=1)],
    }


def _period(band: Band) -> Document:
    period: Document = {
        "recurringTimePeriodOfDay": {
            "startTimeOfPeriod": f"{band.start}:00",
            "endTimeOfPeriod": "23:59:59" if band.end == "24:00" else f"{band.end}:00",
        },
        "recurringDayWeekMonthPeriod": {
            "applicableDay": [day for kind in band.days for day in _DAYS[kind]]
        },
    }
    if "holiday" in band.days:
        period["recurringSpecialDay"] = [{"specialDayType": "publicHoliday"}]
    return period


def right_specification(site: PublishedSite, tariff: PublishedTariff) -> Document:
    category = tariff.category or Category.GENERAL
    qualification = [{"userQualifications": [{"userGroup": {"entryDefinedValue": category}}]}]
    document: Document = {
        "id": _id("right", _right_code(site, tariff)),
        "version": VERSION,
        "type": "oneTimeUseParking",
        "description": _strings(tariff.names),
        "hierarchyElements": [_reference("place", site.code)],
        "rateEligibility": [
            {
                "id": _id("eligibility", _right_code(site, tariff)),
                "version": VERSION,
                "rate": _reference("rate", tariff.code),
                "eligibility": {"qualification": qualification},
            }
        ],
    }
    last_on = _last_day(tariff.valid_until_on)
    return document if last_on is None else document | {"expiry": last_on.isoformat()}


def _last_day(after: date | None) -> date | None:
    return None if after is None else after - timedelta(days=1)


def _right_code(site: PublishedSite, tariff: PublishedTariff) -> str:
    return f"{site.code}/{tariff.category or 'all'}/{tariff.code}"


def _money(rules: Rules, minor: int) -> float:
    """APDS counts whole units of the currency, we its smallest."""
    return minor / float(10 ** MINOR_DIGITS[rules.currency])


def _minutes(minutes: int) -> str:
    return f"PT{minutes // 60}H" if minutes % 60 == 0 else f"PT{minutes}M"


def _id(what: str, code: str) -> str:
    """The same code has the same UUID for ever."""
    found: UUID = uuid5(NAMESPACE_URL, f"citizen:parking:{what}:{code}")
    return str(found)


def _reference(what: str, code: str) -> Document:
    return {"id": _id(what, code), "version": VERSION}


def _strings(texts: Mapping[str, str]) -> Sequence[Document]:
    found = [{"language": code, "string": text} for code, text in texts.items() if code and text]
    return found or [{"language": "und", "string": names.pick(texts, "")}]
