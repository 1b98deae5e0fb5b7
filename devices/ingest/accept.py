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
from devices.ingest import partitions, streams
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
    """1. store · 2. quarantine what was refused or contradicts what is held · 3. receivers."""
    good = verdict.good
    stored = store(good, received_at=now)
    refused = [*batch.refused, *verdict.refused, *_conflicts(batch, good, stored)]
    if refused:
        keep_apart(refused, gateway_id=speaker.gateway_id, received_at=now)
    if stored.new.any():
        follow(_arrivals(good.only(stored.new), known, now))
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
    if not stored.conflicts.any():
        return []
    at = {place: i for i, place in enumerate(batch.places)}
    return [
        Refused(
            int(good.place[n]),
            Reason.CONFLICT,
            f"{stored.held[n]:g} is held for this instant, and {good.results[n]:g} came.",
            as_raw(batch.rows[at[int(good.place[n])]]),
            int(good.ids[n]),
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
