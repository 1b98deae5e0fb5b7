"""Tariffs as Korean public car parks write them on the board, and what stays cost by them.

Amounts were worked out minute by minute by a clerk who knows nothing of the engine. 23 November
2026 is a Monday; Wednesday the 25th is taken for a public holiday. Tariff names say the kind of car
park, not a certain one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")

TARIFFS: dict[str, Any] = {
    "market": {
        "bands": [
            {"code": "night", "price": 0, "start": "20:00", "end": "09:00"},
            {"code": "holiday", "price": 0, "days": ["holiday"]},
            {"code": "day", "price": 500, "step_min": 10},
        ],
        "free_first_min": 30,
        "day_cap": 10000,
        "discounts": [
            {"code": "disabled", "percent": 80},
            {"code": "veteran", "percent": 80},
            {"code": "compact", "percent": 50},
            {"code": "low_emission", "percent": 50},
            {"code": "multi_child", "percent": 50},
            {"code": "transfer", "percent": 80, "group": "trip"},
        ],
        "rounding": {"unit": 10},
    },
    "street": {
        "bands": [
            {"code": "night", "price": 0, "start": "19:00", "end": "09:00"},
            {"code": "weekend", "price": 0, "days": ["saturday", "holiday"]},
            {"code": "day", "price": 250, "step_min": 5},
        ],
        "discounts": [{"code": "disabled", "percent": 80}, {"code": "compact", "percent": 50}],
        "rounding": {"unit": 100},
    },
    "station": {
        "bands": [
            {"code": "day", "price": 300, "step_min": 10, "start": "07:00", "end": "22:00"},
            {"code": "night", "price": 100, "step_min": 30, "cap": 1000},
        ],
        "opening": {"minutes": 30, "price": 1000},
        "turnaround_min": 10,
        "day_cap": 8000,
        "discounts": [
            {"code": "disabled", "free_min": 120},
            {"code": "compact", "percent": 50, "group": "car"},
            {"code": "transfer", "amount": 1000, "group": "trip"},
        ],
        "rounding": {"unit": 10},
    },
    "ev": {
        "bands": [{"code": "day", "price": 400, "step_min": 15}],
        "day_cap": 15000,
        "cap_period": "day_of_stay",
        "discounts": [{"code": "low_emission", "percent": 50, "most": 3000}],
        "ev_idle": {"price": 100, "step_min": 1, "grace_min": 15, "cap": 20000},
        "rounding": {"unit": 100, "mode": "half_up"},
    },
}


@dataclass(frozen=True)
class Case:
    """Days are dates of November 2026, times `day hour:minute`."""

    name: str
    tariff: str
    begins: str
    ends: str
    won: int
    discounts: tuple[str, ...] = ()
    charged: str = ""

    @property
    def start(self) -> datetime:
        return _at(self.begins)

    @property
    def end(self) -> datetime:
        return _at(self.ends)

    @property
    def charged_until(self) -> datetime | None:
        return _at(self.charged) if self.charged else None


def _at(text: str) -> datetime:
    day, wall = text.split()
    hour, minute = wall.split(":")
    return datetime(2026, 11, int(day), int(hour), int(minute), tzinfo=SEOUL)


CASES = (
    Case("market 0 min from ten", "market", "23 10:00", "23 10:00", 0),
    Case("market 1 min from ten", "market", "23 10:00", "23 10:01", 0),
    Case("market 29 min from ten", "market", "23 10:00", "23 10:29", 0),
    Case("market 30 min from ten", "market", "23 10:00", "23 10:30", 0),
    Case("market 31 min from ten", "market", "23 10:00", "23 10:31", 500),
    Case("market 40 min from ten", "market", "23 10:00", "23 10:40", 500),
    Case("market 41 min from ten", "market", "23 10:00", "23 10:41", 1000),
    Case("market 60 min from ten", "market", "23 10:00", "23 11:00", 1500),
    Case("market 90 min from ten", "market", "23 10:00", "23 11:30", 3000),
    Case("market 120 min from ten", "market", "23 10:00", "23 12:00", 4500),
    Case("market 180 min from ten", "market", "23 10:00", "23 13:00", 7500),
    Case("market 229 min from ten", "market", "23 10:00", "23 13:49", 10000),
    Case("market 230 min from ten", "market", "23 10:00", "23 13:50", 10000),
    Case("market 231 min from ten", "market", "23 10:00", "23 13:51", 10000),
    Case("market 240 min from ten", "market", "23 10:00", "23 14:00", 10000),
    Case("market 360 min from ten", "market", "23 10:00", "23 16:00", 10000),
    Case("market 600 min from ten", "market", "23 10:00", "23 20:00", 10000),
    Case("market two hours, disabled", "market", "23 10:00", "23 12:00", 900, ("disabled",)),
    Case("market all day, disabled", "market", "23 09:00", "23 20:00", 2000, ("disabled",)),
    Case("market two hours, veteran", "market", "23 10:00", "23 12:00", 900, ("veteran",)),
    Case("market all day, veteran", "market", "23 09:00", "23 20:00", 2000, ("veteran",)),
    Case("market two hours, compact", "market", "23 10:00", "23 12:00", 2250, ("compact",)),
    Case("market all day, compact", "market", "23 09:00", "23 20:00", 5000, ("compact",)),
    Case(
        "market two hours, low_emission", "market", "23 10:00", "23 12:00", 2250, ("low_emission",)
    ),
    Case("market all day, low_emission", "market", "23 09:00", "23 20:00", 5000, ("low_emission",)),
    Case("market two hours, multi_child", "market", "23 10:00", "23 12:00", 2250, ("multi_child",)),
    Case("market all day, multi_child", "market", "23 09:00", "23 20:00", 5000, ("multi_child",)),
    Case("market two hours, transfer", "market", "23 10:00", "23 12:00", 900, ("transfer",)),
    Case("market all day, transfer", "market", "23 09:00", "23 20:00", 2000, ("transfer",)),
    Case(
        "market disabled beats compact",
        "market",
        "23 10:00",
        "23 13:00",
        1500,
        ("disabled", "compact"),
    ),
    Case(
        "market compact and low emission count once",
        "market",
        "23 10:00",
        "23 13:00",
        3750,
        ("compact", "low_emission"),
    ),
    Case(
        "market disabled and park-and-ride",
        "market",
        "23 10:00",
        "23 13:00",
        300,
        ("disabled", "transfer"),
    ),
    Case(
        "market compact and park-and-ride",
        "market",
        "23 10:00",
        "23 11:25",
        300,
        ("compact", "transfer"),
    ),
    Case("market unknown discount", "market", "23 10:00", "23 12:00", 4500, ("poet",)),
    Case("market before opening", "market", "23 06:00", "23 08:59", 0),
    Case("market early morning into the day", "market", "23 08:30", "23 10:00", 3000),
    Case("market early morning, free minutes over", "market", "23 08:00", "23 09:01", 500),
    Case("market evening into the night", "market", "23 19:00", "23 23:00", 1500),
    Case("market last step cut by the night", "market", "23 19:00", "23 19:55", 1500),
    Case("market overnight", "market", "23 19:00", "24 10:00", 4500),
    Case("market whole night", "market", "23 20:00", "24 09:00", 0),
    Case("market two days", "market", "23 09:00", "24 20:00", 20000),
    Case("market three days over the holiday", "market", "24 09:00", "26 20:00", 20000),
    Case("market Saturday", "market", "28 10:00", "28 12:00", 4500),
    Case("market Sunday", "market", "29 10:00", "29 18:00", 0),
    Case("market holiday", "market", "25 10:00", "25 18:00", 0),
    Case("market Saturday to Monday", "market", "28 10:00", "30 10:00", 13000),
    Case("market a week", "market", "23 09:00", "30 09:00", 50000),
    Case("market a week, disabled", "market", "23 09:00", "30 09:00", 10000, ("disabled",)),
    Case("street 1 min", "street", "23 10:00", "23 10:01", 200),
    Case("street 5 min", "street", "23 10:00", "23 10:05", 200),
    Case("street 6 min", "street", "23 10:00", "23 10:06", 500),
    Case("street 10 min", "street", "23 10:00", "23 10:10", 500),
    Case("street 11 min", "street", "23 10:00", "23 10:11", 700),
    Case("street 30 min", "street", "23 10:00", "23 10:30", 1500),
    Case("street 59 min", "street", "23 10:00", "23 10:59", 3000),
    Case("street 60 min", "street", "23 10:00", "23 11:00", 3000),
    Case("street 61 min", "street", "23 10:00", "23 11:01", 3200),
    Case("street 115 min", "street", "23 10:00", "23 11:55", 5700),
    Case("street 120 min", "street", "23 10:00", "23 12:00", 6000),
    Case("street 300 min", "street", "23 10:00", "23 15:00", 15000),
    Case("street 15 min, disabled", "street", "23 10:00", "23 10:15", 100, ("disabled",)),
    Case("street 15 min, compact", "street", "23 10:00", "23 10:15", 300, ("compact",)),
    Case("street 55 min, disabled", "street", "23 10:00", "23 10:55", 500, ("disabled",)),
    Case("street 55 min, compact", "street", "23 10:00", "23 10:55", 1300, ("compact",)),
    Case("street 125 min, disabled", "street", "23 10:00", "23 12:05", 1200, ("disabled",)),
    Case("street 125 min, compact", "street", "23 10:00", "23 12:05", 3100, ("compact",)),
    Case("street whole day without a cap", "street", "23 09:00", "23 19:00", 30000),
    Case("street evening", "street", "23 18:50", "23 23:00", 500),
    Case("street Saturday", "street", "28 10:00", "28 18:00", 0),
    Case("street Sunday", "street", "29 10:00", "29 18:00", 0),
    Case("street holiday", "street", "25 10:00", "25 18:00", 0),
    Case("street Friday into Saturday", "street", "27 18:00", "28 12:00", 3000),
    Case("street Sunday into Monday", "street", "29 18:00", "30 09:20", 1000),
    Case("street night", "street", "23 19:00", "24 09:00", 0),
    Case("street five minutes before nine", "street", "23 08:55", "23 09:07", 500),
    Case("station 0 min", "station", "23 08:00", "23 08:00", 0),
    Case("station 5 min", "station", "23 08:00", "23 08:05", 0),
    Case("station 10 min", "station", "23 08:00", "23 08:10", 0),
    Case("station 11 min", "station", "23 08:00", "23 08:11", 1000),
    Case("station 30 min", "station", "23 08:00", "23 08:30", 1000),
    Case("station 31 min", "station", "23 08:00", "23 08:31", 1300),
    Case("station 40 min", "station", "23 08:00", "23 08:40", 1300),
    Case("station 60 min", "station", "23 08:00", "23 09:00", 1900),
    Case("station 120 min", "station", "23 08:00", "23 10:00", 3700),
    Case("station 180 min", "station", "23 08:00", "23 11:00", 5500),
    Case("station 263 min", "station", "23 08:00", "23 12:23", 8000),
    Case("station 264 min", "station", "23 08:00", "23 12:24", 8000),
    Case("station 300 min", "station", "23 08:00", "23 13:00", 8000),
    Case("station 900 min", "station", "23 08:00", "23 23:00", 8000),
    Case("station night", "station", "23 22:00", "24 07:00", 2300),
    Case("station short night", "station", "23 23:00", "24 00:30", 1200),
    Case("station evening into night", "station", "23 21:00", "23 23:00", 2100),
    Case("station evening into night over midnight", "station", "23 21:00", "24 02:00", 2700),
    Case("station day and night", "station", "23 08:00", "24 08:00", 10800),
    Case("station weekend", "station", "28 08:00", "30 08:00", 18800),
    Case("station disabled, two hours free", "station", "23 08:00", "23 10:00", 0, ("disabled",)),
    Case("station disabled, three hours", "station", "23 08:00", "23 11:00", 1900, ("disabled",)),
    Case(
        "station disabled and compact",
        "station",
        "23 08:00",
        "23 12:00",
        1850,
        ("disabled", "compact"),
    ),
    Case("station compact", "station", "23 08:00", "23 12:00", 3650, ("compact",)),
    Case("station park-and-ride", "station", "23 08:00", "23 12:00", 6300, ("transfer",)),
    Case(
        "station park-and-ride, less than it takes off",
        "station",
        "23 08:00",
        "23 08:20",
        0,
        ("transfer",),
    ),
    Case(
        "station compact and park-and-ride",
        "station",
        "23 08:00",
        "23 18:00",
        3000,
        ("compact", "transfer"),
    ),
    Case(
        "station all three",
        "station",
        "23 08:00",
        "23 18:00",
        3000,
        ("disabled", "compact", "transfer"),
    ),
    Case("charger 15 min", "ev", "23 10:00", "23 10:15", 400),
    Case("charger 16 min", "ev", "23 10:00", "23 10:16", 800),
    Case("charger 60 min", "ev", "23 10:00", "23 11:00", 1600),
    Case("charger 240 min", "ev", "23 10:00", "23 14:00", 6400),
    Case("charger 600 min", "ev", "23 10:00", "23 20:00", 15000),
    Case("charger 1439 min", "ev", "23 10:00", "24 09:59", 15000),
    Case("charger 1440 min", "ev", "23 10:00", "24 10:00", 15000),
    Case("charger 1441 min", "ev", "23 10:00", "24 10:01", 15400),
    Case("charger 2880 min", "ev", "23 10:00", "25 10:00", 30000),
    Case("charger left in time", "ev", "23 10:00", "23 12:00", 3200, (), "23 11:50"),
    Case("charger grace to the minute", "ev", "23 10:00", "23 12:00", 3200, (), "23 11:45"),
    Case("charger one minute late", "ev", "23 10:00", "23 12:01", 3700, (), "23 11:45"),
    Case("charger an hour idle", "ev", "23 10:00", "23 12:00", 9200, (), "23 10:45"),
    Case("charger idle to the cap", "ev", "23 10:00", "23 22:00", 35000, (), "23 11:00"),
    Case("charger low emission", "ev", "23 10:00", "23 12:00", 1600, ("low_emission",)),
    Case("charger low emission, bounded", "ev", "23 10:00", "23 22:00", 12000, ("low_emission",)),
    Case(
        "charger low emission does not lower idling",
        "ev",
        "23 10:00",
        "23 12:00",
        7600,
        ("low_emission",),
        "23 10:45",
    ),
    Case("charger done before the stay began", "ev", "23 10:00", "23 11:00", 6100, (), "23 09:00"),
)
