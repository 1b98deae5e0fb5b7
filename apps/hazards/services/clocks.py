"""Clocks in the wrong time zone, found in the hourly record of the last month."""

from datetime import timedelta

from apps.base import clock
from apps.hazards.core.clocks import Offset, clock_offset
from apps.hazards.core.history import Floats
from apps.hazards.models import Cause, Flag, QualityNote, Station
from apps.hazards.snapshot import HOUR, read_hours

SPAN_H = 24 * 30


def check_clocks() -> int:
    """Lay each rain gauge along the others of its catchments. Opens and closes notes; returns how
    many clocks are wrong. Who is wrong: the one that fits nobody."""
    end = clock.now().replace(minute=0, second=0, microsecond=0)
    first = end - SPAN_H * HOUR
    gauges = list(Station.objects.in_use().filter(kind=Station.Kind.RAIN).order_by("pk"))
    hours = read_hours([gauge.pk for gauge in gauges], first=first, hours=SPAN_H)
    wrong = {}
    for gauge in gauges:
        others = [hours[other.pk] for other in gauges if other.pk != gauge.pk]
        offset = _offset(hours[gauge.pk], others)
        if offset is not None:
            wrong[gauge.pk] = offset
    _note(wrong)
    return len(wrong)


def _offset(own: Floats, others: list[Floats]) -> Offset | None:
    """Wrong if it is off against most of those that can tell."""
    offsets = [found for other in others if (found := clock_offset(own, other)) is not None]
    accused = [offset for offset in offsets if offset.is_wrong]
    if not accused or len(accused) * 2 <= len(offsets):
        return None
    return max(accused, key=lambda offset: offset.correlation)


def _note(wrong: dict[int, Offset]) -> None:
    now = clock.now()
    open_ = QualityNote.objects.open().filter(cause=Cause.CLOCK)
    open_.exclude(station__in=wrong).update(ended_at=now)
    QualityNote.objects.bulk_create(
        [
            QualityNote(
                station_id=pk,
                cause=Cause.CLOCK,
                flag=Flag.SUSPECT,
                detail={"lag_h": offset.lag_h, "correlation": round(offset.correlation, 2),
                        "as_it_is": round(offset.correlation_as_it_is, 2)},
                began_at=now - timedelta(hours=1),
            )
            for pk, offset in wrong.items()
        ],
        ignore_conflicts=True,
    )  # fmt: skip
