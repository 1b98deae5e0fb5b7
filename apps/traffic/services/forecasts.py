"""Slots kept, models trained, speeds forecast."""

from datetime import datetime, timedelta

import numpy as np
from django.db import connection, transaction

from apps.base import clock, live
from apps.traffic.core import forecast
from apps.traffic.core.forecast import HORIZONS_MIN, SLOT_MIN, SLOTS_A_DAY, Floats, Model
from apps.traffic.models import Link, LinkSlot, LinkState, SpeedModel
from apps.traffic.selectors.days import is_working, local
from apps.traffic.selectors.links import TOPIC, as_row, known_links

SLOT = timedelta(minutes=SLOT_MIN)
DAYS_LEARNT = 42
LEAST_DAYS = 3  # two to learn from and one to judge by

_KEEP = """
    INSERT INTO traffic_linkslot (link_id, at, speed_mps)
    SELECT link_id, %(at)s, sum(speed_mps * vehicles_n) / sum(vehicles_n)
    FROM traffic_linksample WHERE at >= %(at)s AND at < %(until)s GROUP BY link_id
    ON CONFLICT DO NOTHING"""


def slot_of(at: datetime) -> datetime:
    return at.replace(minute=at.minute // SLOT_MIN * SLOT_MIN, second=0, microsecond=0)


def keep_slot() -> int:
    """The mean of the slot that is over; called every minute, once is enough."""
    until = slot_of(clock.now())
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, {"at": until - SLOT, "until": until})
        return int(cursor.rowcount)


# ---------------------------------------------------------------- learning


def train_speeds() -> SpeedModel | None:
    """Learn from the last weeks; the newest whole day is kept aside to judge by. None while there
    are too few days."""
    links = list(Link.objects.filter(in_use=True, slots__isnull=False).distinct().order_by("pk"))
    midnight = local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight - timedelta(days=back) for back in range(DAYS_LEARNT, 0, -1)]
    shares = _shares(links, days)
    seen = [k for k in range(len(days)) if not np.isnan(shares[k]).all()]
    if not links or len(seen) < LEAST_DAYS:
        return None
    shares, kinds = shares[seen], [_kind_of(days[k]) for k in seen]
    meets = forecast.neighbours([(link.start_id, link.end_id) for link in links])
    judged = forecast.train(shares[:-1], kinds[:-1], meets)
    model = forecast.train(shares, kinds, meets)
    return SpeedModel.objects.create(
        trained_at=clock.now(), links=[link.pk for link in links], days_n=len(seen),
        weights=model.weights.tolist(), usual=model.usual.astype(np.float32).tobytes(),
        skill=forecast.skill(judged, shares[-1], kinds[-1], meets),
    )  # fmt: skip


def _shares(links: list[Link], days: list[datetime]) -> Floats:
    """Speeds by day, slot and link as shares of the free speed; NaN where nothing was seen."""
    place = {link.pk: number for number, link in enumerate(links)}
    free = np.array([link.free_mps for link in links])
    shares = np.full((len(days), SLOTS_A_DAY, len(links)), np.nan)
    slots = LinkSlot.objects.filter(link__in=place, at__gte=days[0], at__lt=days[-1] + _DAY)
    for link, at, speed_mps in slots.values_list("link_id", "at", "speed_mps").iterator():
        day = (at - days[0]) // _DAY
        slot = (at - days[0]) % _DAY // SLOT
        shares[day, slot, place[link]] = speed_mps
    return shares / free if len(links) else shares


_DAY = timedelta(days=1)


def _kind_of(day: datetime) -> int:
    return 0 if is_working(day) else 1


# ---------------------------------------------------------------- looking ahead


@transaction.atomic
def look_ahead() -> int:
    """Forecast every link of which something is known; called every minute. How many were."""
    states = list(known_links().select_for_update(of=("self",)).order_by("pk"))
    if not states:
        return 0
    row = SpeedModel.objects.first()
    ahead = _ahead(states, row) if row is not None else {}
    now = clock.now()
    rows = []
    for state in states:
        assert state.speed_mps is not None
        state.ahead_mps = ahead.get(state.pk, [state.speed_mps] * len(HORIZONS_MIN))
        state.ahead_at = now
        LinkState.objects.filter(pk=state.pk).update(
            **LinkState.touched(), ahead_mps=state.ahead_mps, ahead_at=now
        )
        state.version += 1
        rows.append(as_row(state))
    live.announce(TOPIC, rows)
    return len(rows)


def _ahead(states: list[LinkState], row: SpeedModel) -> dict[int, list[float]]:
    """By the model, of the links it knows; persistence is for the others."""
    model, place = _model(row), {pk: number for number, pk in enumerate(row.links)}
    ends = dict(Link.objects.filter(pk__in=place).values_list("pk", "start_id"))
    lasts = dict(Link.objects.filter(pk__in=place).values_list("pk", "end_id"))
    meets = forecast.neighbours([(ends.get(pk, -pk), lasts.get(pk, -pk)) for pk in row.links])
    now = clock.now()
    shares = np.full(len(place), np.nan)
    before = np.full(len(place), np.nan)
    free = {state.pk: state.link.free_mps for state in states}
    for state in states:
        if state.pk in place and state.speed_mps is not None:
            shares[place[state.pk]] = state.speed_mps / free[state.pk]
    earlier = LinkSlot.objects.filter(link__in=place, at=slot_of(now) - forecast.TREND_SLOTS * SLOT)
    for pk, speed_mps in earlier.values_list("link_id", "speed_mps"):
        if pk in free:
            before[place[pk]] = speed_mps / free[pk]
    here = local(now)
    found = forecast.predict(
        model, shares, before, meets, slot=(here.hour * 60 + here.minute) // SLOT_MIN,
        kind=_kind_of(now), next_kind=_kind_of(now + _DAY),
    )  # fmt: skip
    return {
        pk: [float(share) * free[pk] for share in found[:, place[pk]]]
        for pk in free.keys() & place.keys()
    }


def _model(row: SpeedModel) -> Model:
    usual = np.frombuffer(bytes(row.usual), dtype=np.float32).astype(np.float64)
    return Model(usual.reshape(2, SLOTS_A_DAY, len(row.links)), np.array(row.weights))
