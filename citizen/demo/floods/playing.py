"""A recorded flood as the gauges of a drill tell it, and what was made of it: when something was
said, against when it came true."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from apps.alerts.models import Notice
from apps.hazards.core.drill import Issue, Truth, report, written
from apps.hazards.models import Assessment, Station
from citizen.demo.floods import station
from citizen.demo.floods.recording import Hour

# Which level a source of the inbox speaks of first.
ABOUT = {"hazards.forecast": "alarm", "hazards.level": "attention"}


def play(
    flood: Iterable[Hour],
    *,
    wait_for: Callable[[datetime], None],
    say: Callable[[list[dict[str, Any]]], object],
) -> None:
    """Each hour's readings when its time has come; those that passed while it was learned, at
    once."""
    for hour in flood:
        wait_for(hour.at)
        say(readings(hour))


def readings(hour: Hour) -> list[dict[str, Any]]:
    at = hour.at.isoformat()
    values = {station.RAIN: hour.rain_mm, station.FLOW: round(station.flow_m3_s(hour), 3)}
    return [
        {"datastream": stream, "phenomenonTime": at, "result": value}
        for stream, value in values.items()
    ]


def report_of(flood: Sequence[Hour], began: datetime) -> str:
    """The inbox's first words and the first alert, against the recording."""
    river = Station.objects.get(code=station.FLOW)
    rows = Assessment.objects.filter(reference=river.code, created_at__gte=began)
    issues = [Issue(row.source, ABOUT[row.source], row.created_at) for row in rows]
    notices = Notice.objects.filter(alert__assessment__in=rows, sent_at__isnull=False)
    issues += [Issue("alert", "alarm", notice.sent_at) for notice in notices if notice.sent_at]
    truth = [Truth(hour.at, station.flow_m3_s(hour)) for hour in flood]
    spoken_of = [(name, limit) for name, limit in river.levels().items() if name in ABOUT.values()]
    return written(report(truth, spoken_of, issues))
