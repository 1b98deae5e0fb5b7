"""Devices judged by what they say: those that give themselves away are left out of the count until
they have been themselves again for a while."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection, transaction

from apps.base import clock
from apps.parking.core.suspicion import Fault
from apps.parking.models import Exclusion, PoolFeed
from apps.parking.services.availability import refresh_pools
from apps.parking.services.watching import Judged, judge_bays, judge_counts, judge_silence

# So many rounds without fault bring a device back.
GOOD_ROUNDS = 3
TRUST_LEARNED = 0.1
AGREES_WITHIN = 0.2
_LOCK = 0x54525354  # one judge at a time

_ALARMED = """
SELECT DISTINCT ON (alarm.datastream_id) alarm.datastream_id, alarm.kind
FROM devices_alarm AS alarm
JOIN parking_poolfeed AS feed ON feed.datastream_id = alarm.datastream_id
WHERE alarm.closed_at IS NULL AND alarm.kind IN ('stuck', 'flapping')
ORDER BY alarm.datastream_id, alarm.kind
"""


@transaction.atomic
def judge_feeds() -> tuple[int, int]:
    """One round: exclude, count good rounds, bring back. Returns how many went and came."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    faults, agreement = _judged(now)
    open_ = {one.feed_id: one for one in Exclusion.objects.open().select_for_update()}
    gone = _exclude(faults, open_, now)
    back = _bring_back(faults, open_, now)
    _learn_trust(agreement)
    refresh_pools(_pools_of({*gone, *back}))
    return len(gone), len(back)


def _judged(now: datetime) -> tuple[dict[int, Judged], Mapping[int, float]]:
    """By feed what is wrong; the surer finding wins. And how well feeds agree with others."""
    with connection.cursor() as cursor:
        cursor.execute(_ALARMED)
        alarmed = {feed: Judged(Fault(kind), {"alarm": kind}) for feed, kind in cursor.fetchall()}
    counts, agreement = judge_counts(now)
    return {**counts, **judge_bays(now), **alarmed, **judge_silence(now)}, agreement


def _exclude(
    faults: Mapping[int, Judged], known: Mapping[int, Exclusion], now: datetime
) -> list[int]:
    new = [feed for feed in sorted(faults) if feed not in known]
    Exclusion.objects.bulk_create(
        Exclusion(
            feed_id=feed, reason=faults[feed].fault.value, detail=faults[feed].detail,
            excluded_at=now,
        )
        for feed in new
    )  # fmt: skip
    return new


def _bring_back(
    faults: Mapping[int, Judged], known: Mapping[int, Exclusion], now: datetime
) -> list[int]:
    """A silent device is back with its next word; others must prove themselves."""
    back = []
    for feed, exclusion in known.items():
        good = 0 if feed in faults else exclusion.good_rounds + 1
        exclusion.good_rounds = good
        needed = 1 if exclusion.reason == Exclusion.Reason.SILENT else GOOD_ROUNDS
        if good >= needed:
            exclusion.back_at = now
            back.append(feed)
    Exclusion.objects.bulk_update(known.values(), ["good_rounds", "back_at"])
    return back


def _learn_trust(agreement: Mapping[int, float]) -> None:
    """Slowly, towards how well a feed agrees with the others of its pool."""
    feeds = list(PoolFeed.objects.filter(pk__in=agreement))
    for feed in feeds:
        agrees = 1 - min(agreement[feed.pk] / AGREES_WITHIN, 1.0)
        feed.trust = round((1 - TRUST_LEARNED) * feed.trust + TRUST_LEARNED * agrees, 3)
    PoolFeed.objects.bulk_update(feeds, ["trust"])


def _pools_of(feeds: Iterable[int]) -> list[int]:
    rows = PoolFeed.objects.filter(pk__in=list(feeds)).values_list("pool_id", flat=True)
    return sorted(set(rows))
