"""What a junction is asked for at this moment, and what its strategy has brought."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.base import clock
from apps.traffic.core.priority import LATE_S, Demand, Kind
from apps.traffic.core.report import Estimate, Minute, compare
from apps.traffic.models import Junction, JunctionMinute, PatternOrder, PriorityRequest
from apps.traffic.selectors.days import is_working, local


@dataclass(frozen=True, slots=True)
class Task:
    """`pattern` is ordered by staff; `demands` name groups by their numbers."""

    mode: str
    pattern: int | None
    demands: tuple[tuple[int, Kind, datetime], ...]


def task_of(junction: Junction) -> Task:
    """The mode, the pattern ordered, and who asks for green."""
    now = clock.now()
    mode = Junction.objects.values_list("mode", flat=True).get(pk=junction.pk)
    order = PatternOrder.objects.filter(junction=junction, until__gt=now).first()
    coming = PriorityRequest.objects.filter(
        junction=junction, ended_at=None, arrives_at__gte=now - timedelta(seconds=LATE_S)
    ).order_by("arrives_at")
    demands = tuple(
        (number, Kind(kind), at) for number, kind, at in coming.values_list(
            "number", "kind", "arrives_at"
        )
    )  # fmt: skip
    return Task(mode, order.pattern if order else None, demands)


def as_demands(task: Task, numbers: tuple[int, ...], now: datetime) -> list[Demand]:
    """In the core's terms: groups by place, times from now."""
    place = {number: group for group, number in enumerate(numbers)}
    return [
        Demand(place[number], kind, (at - now).total_seconds())
        for number, kind, at in task.demands
        if number in place
    ]


REPORT_DAYS = 28


def strategy_report(junction: Junction, *, days: int = REPORT_DAYS) -> Estimate | None:
    """Minutes under command against those before and in shadow, of the last weeks."""
    since = clock.now() - timedelta(days=days)
    rows = JunctionMinute.objects.of(junction).filter(at__gte=since).order_by("at")
    kinds: dict[object, bool] = {}
    minutes = []
    for row in rows:
        here = local(row.at)
        if here.date() not in kinds:
            kinds[here.date()] = is_working(row.at)
        minutes.append(
            Minute(
                day=here.date(), slot=(kinds[here.date()], here.hour),
                after=row.mode == Junction.Mode.ADAPTIVE, vehicles=row.vehicles,
                waited_s=row.waited_s, walker_longest_s=row.walker_longest_s,
            )
        )  # fmt: skip
    return compare(minutes)
