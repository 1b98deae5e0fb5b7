"""Detectors of junctions, slot by slot, against their usual days; and speeds of their links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from apps.base import clock
from apps.traffic.core.anomalies import Watch, is_stuck, watched
from apps.traffic.core.fusion import Source, speed_of_loop
from apps.traffic.models import Junction, JunctionWatch, SignalGroup
from apps.traffic.selectors.days import is_working, local
from apps.traffic.services.speeds import Seen, note_seen

SLOT = timedelta(minutes=15)
LEAST_DAYS = 5
MEMORY_DAYS = 20


@dataclass(frozen=True, slots=True)
class Counted:
    """One detector over one period of its controller. `occupancy` is a share."""

    detector: int
    count: float
    occupancy: float


@transaction.atomic
def note_counts(
    *, junction: Junction, sequence: int, period_s: float, counted: Sequence[Counted]
) -> bool:
    """A period of a controller's detectors; one that was noted already changes nothing."""
    now = clock.now()
    known = JunctionWatch.objects.select_for_update().filter(junction=junction)
    watches = {watch.detector: watch for watch in known}
    if watches and all(watch.sequence == sequence for watch in watches.values()):
        return False
    for one in counted:
        watch = watches.get(one.detector) or JunctionWatch(junction=junction, detector=one.detector)
        _count(watch, one, now)
        watch.sequence = sequence
        watch.save()
    note_seen(seen=_speeds(junction, period_s, counted, now))
    return True


def _speeds(
    junction: Junction, period_s: float, counted: Sequence[Counted], now: datetime
) -> list[Seen]:
    """The speeds at advance detectors; those before a queue at the line would say nothing."""
    groups = SignalGroup.objects.filter(
        junction=junction, approach__isnull=False, detector__isnull=False
    )
    links = {group.detector: group.approach for group in groups.select_related("approach")}
    found: list[Seen] = []
    for one in counted:
        link = links.get(one.detector)
        if link is None or is_stuck(one.count, one.occupancy):
            continue
        speed_mps = speed_of_loop(one.count, one.occupancy, period_s, free_mps=link.free_mps)
        if speed_mps is not None:
            found.append(Seen(link.pk, now, Source.DETECTOR, speed_mps, one.count))
    return found


def _count(watch: JunctionWatch, one: Counted, now: datetime) -> None:
    slot = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    if watch.slot_at is not None and watch.slot_at != slot:
        _close(watch, now)
        watch.count = 0.0
    watch.slot_at = slot
    watch.count += one.count
    watch.occupancy = one.occupancy
    if is_stuck(one.count, one.occupancy):
        _alarm(watch, "stuck", now)
    elif watch.alarm == "stuck":
        _alarm(watch, "", now)


def _close(watch: JunctionWatch, now: datetime) -> None:
    """A slot is over: judge it by its usual count, then learn from it unless it was unusual."""
    assert watch.slot_at is not None
    key = _key(watch.slot_at)
    mean, days = watch.usual.get(key, (0.0, 0))
    if days >= LEAST_DAYS and watch.alarm != "stuck":
        before = Watch(watch.more, watch.less, watch.alarm)
        after = watched(before, watch.count, mean)
        watch.more, watch.less = after.more, after.less
        _alarm(watch, after.alarm, now)
    if not watch.alarm:
        share = max(1.0 / (days + 1), 1.0 / MEMORY_DAYS)
        watch.usual[key] = [mean + share * (watch.count - mean), days + 1]


def _alarm(watch: JunctionWatch, alarm: str, now: datetime) -> None:
    if watch.alarm != alarm:
        watch.alarm = alarm
        watch.alarm_since = now if alarm else None


def _key(slot: datetime) -> str:
    kind = "working" if is_working(slot) else "free"
    return f"{kind} {local(slot):%H:%M}"
