"""The one way in, behind every door: validate → store → receivers → commit → receipt.

Whoever holds the receipt may forget the batch: the acknowledgement is the commit. A batch that
comes again changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

import numpy as np
from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.errors import DeadlockDetected, SerializationFailure

from apps.base import clock
from apps.base.problems import NotAllowed
from devices.events import EPOCH, Arrivals
from devices.ingest import counters, partitions, streams
from devices.ingest.consequences import follow
from devices.ingest.quarantine import keep_apart
from devices.ingest.speaker import Speaker
from devices.ingest.store import Stored, store
from devices.ingest.streams import Streams
from devices.ingest.validate import Good, Verdict, as_raw, judge
from devices.models import Datastream
from devices.protocols.batch import Batch, Reason, Refused

_DAY_US = 86_400_000_000
_TRIES = 4

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Quarantined:
    i: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """received = stored + duplicate + the number quarantined."""

    received: int
    stored: int
    duplicate: int
    quarantined: list[Quarantined]


class ForeignDatastream(NotAllowed):
    slug = "foreign-datastream"
    title = _("This gateway may not speak for that datastream.")


def accept(batch: Batch, speaker: Speaker) -> Receipt:
    """Take a batch, whole: bad rows go to quarantine with a reason, good ones are stored.

    Raises:
        ForeignDatastream: a row names a datastream of another gateway; nothing was stored.
        OperationalError: the database is away; nothing was acknowledged.
    """
    now = clock.now()
    known = streams.current(speaker.stamp)
    verdict = judge(batch, known, gateway_id=speaker.gateway_id, now=now)
    _refuse_foreign(verdict)
    verdict = _without_falling_counters(batch, verdict, known)
    partitions.ensure(_days(verdict.good))
    return _again_after_deadlock(lambda: _write(batch, verdict, known, speaker, now))


def _refuse_foreign(verdict: Verdict) -> None:
    """Codes are a gateway's own; one that only others have is somebody speaking for them."""
    codes = {
        one.raw["datastream"]
        for one in verdict.refused
        if one.code == Reason.UNKNOWN_DATASTREAM and "\0" not in one.raw["datastream"]
    }
    if not codes:
        return
    foreign = Datastream.objects.filter(code__in=codes).values_list("code", flat=True).first()
    if foreign is not None:
        raise ForeignDatastream(datastream=foreign)


def _without_falling_counters(batch: Batch, verdict: Verdict, known: Streams) -> Verdict:
    good = verdict.good
    falling = counters.backwards(good, known)
    if not falling.any():
        return verdict
    detail = "The counter stood higher before."
    refused = [
        _refused(batch, good, int(n), Reason.COUNTS_BACKWARDS, detail)
        for n in np.flatnonzero(falling)
    ]
    return Verdict(good.only(~falling), verdict.repeated, [*verdict.refused, *refused])


def _refused(batch: Batch, good: Good, n: int, reason: Reason, detail: str) -> Refused:
    """The n-th of the sorted rows, refused after all."""
    place = int(good.place[n])
    row = batch.rows[batch.places.index(place)]
    return Refused(place, reason, detail, as_raw(row), int(good.ids[n]))


def _days(good: Good) -> list[date]:
    days = np.unique(good.times_us // _DAY_US)
    return [(EPOCH + timedelta(days=int(day))).date() for day in days]


def _again_after_deadlock(do: Callable[[], T]) -> T:
    for _attempt in range(_TRIES - 1):
        try:
            return do()
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected | SerializationFailure):
                raise
    return do()


@transaction.atomic
def _write(
    batch: Batch, verdict: Verdict, known: Streams, speaker: Speaker, now: datetime
) -> Receipt:
    """1. store · 2. quarantine what was refused or contradicts what is held · 3. add counters up ·
    4. receivers."""
    good = verdict.good
    stored = store(good, received_at=now)
    refused = [*batch.refused, *verdict.refused, *_conflicts(batch, good, stored)]
    if refused:
        keep_apart(refused, gateway_id=speaker.gateway_id, received_at=now)
    if stored.new.any():
        new = good.only(stored.new)
        counters.add_up(new, known)
        follow(_arrivals(new, known, now))
    return Receipt(
        received=batch.received,
        stored=int(stored.new.sum()),
        duplicate=verdict.repeated + stored.duplicates,
        quarantined=[
            Quarantined(one.i, one.code, one.detail) for one in sorted(refused, key=_place)
        ],
    )


def _place(refused: Refused) -> int:
    return refused.i


def _conflicts(batch: Batch, good: Good, stored: Stored) -> list[Refused]:
    return [
        _refused(
            batch,
            good,
            int(n),
            Reason.CONFLICT,
            f"{stored.held[n]:g} is held for this instant, and {good.results[n]:g} came.",
        )
        for n in np.flatnonzero(stored.conflicts)
    ]


def _arrivals(good: Good, known: Streams, now: datetime) -> Arrivals:
    return Arrivals(
        datastream_ids=good.ids,
        times_us=good.times_us,
        values=good.results * known.factor[good.position] + known.offset[good.position],
        kinds=known.kinds,
        kind=known.kind[good.position],
        received_at=now,
    )
