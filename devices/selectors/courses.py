"""The course of datastreams: as observed, by hour, or by day."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from devices.models import DailyRollup, Datastream, HourlyRollup, Observation

MOST_POINTS = 2_000

Course = list[tuple[datetime, float, float, float]]
"""(instant, least, mean, greatest), in order of time."""


def observed(stream: Datastream, start: datetime, end: datetime) -> Course:
    """The newest observations between two instants, at most `MOST_POINTS`."""
    newest = Observation.objects.filter(
        datastream=stream, phenomenon_at__gt=start, phenomenon_at__lte=end
    ).order_by("-phenomenon_at")[:MOST_POINTS]
    return [(one.phenomenon_at, one.result, one.result, one.result) for one in newest][::-1]


def by_hour(datastream_ids: Collection[int], start: datetime, end: datetime) -> dict[int, Course]:
    """Of several datastreams with one question; each hour stands at its beginning."""
    rows = HourlyRollup.objects.filter(
        datastream_id__in=datastream_ids, hour_at__gt=start, hour_at__lte=end
    ).order_by("datastream_id", "hour_at")
    courses: dict[int, Course] = defaultdict(list)
    for row in rows:
        courses[row.datastream_id].append((row.hour_at, row.low, row.mean, row.high))
    return courses


def by_day(stream: Datastream, start_on: date, end_on: date) -> list[DailyRollup]:
    return list(
        DailyRollup.objects.filter(
            datastream=stream, day_on__gt=start_on, day_on__lte=end_on
        ).order_by("day_on")
    )
