"""When lent bays can be booked: what their owners offer − what they recalled − what is booked."""

from datetime import date, datetime

from django.db import connection
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from apps.base.problems import Invalid
from apps.city.models import the_city
from apps.parking.core.reservations import BLOCKING
from apps.parking.core.sharing import OpenRule, Span
from apps.parking.models import CapacityPool, SharedOffer, SharedRecall

_LEFT = """
SELECT lower(span), upper(span) FROM unnest(
    (SELECT coalesce(range_agg(tstzrange(opens, closes)), '{}')
     FROM unnest(%(opens)s::timestamptz[], %(closes)s::timestamptz[]) AS offered(opens, closes))
    - (SELECT coalesce(range_agg(during), '{}') FROM parking_sharedrecall
       WHERE offer_id = %(offer)s)
    - (SELECT coalesce(range_agg(booked.during), '{}') FROM parking_reservation AS booked
       JOIN parking_space AS space ON space.id = booked.space_id
       WHERE space.bay_id = %(bay)s AND booked.state = ANY(%(blocking)s)
         AND NOT (booked.state = 'held' AND booked.expires_at <= %(now)s))
) AS span
ORDER BY span
"""


def rule_of(offer: SharedOffer) -> OpenRule:
    return OpenRule(
        rule=offer.rule,
        first_on=offer.first_on,
        opens=offer.opens,
        lasts_min=offer.lasts_min,
        zone=the_city().zone,
    )


def offered_spans(offer: SharedOffer, start: datetime, end: datetime) -> list[Span]:
    """When the owner lends the bay, as far as they still have the right to it."""
    zone = the_city().zone
    spans = rule_of(offer).spans((start, end), blackout=offer.blackout_on)
    right = offer.right
    return [
        (opens, closes)
        for opens, closes in spans
        if _held_on(right.valid_from_on, right.valid_to_on, opens.astimezone(zone).date())
    ]


def _held_on(first: date, last: date | None, day: date) -> bool:
    return first <= day and (last is None or day <= last)


def bookable_spans(
    offer: SharedOffer, start: datetime, end: datetime, *, now: datetime
) -> list[Span]:
    """What is left for renters."""
    offered = offered_spans(offer, start, end)
    with connection.cursor() as cursor:
        cursor.execute(
            _LEFT,
            {
                "opens": [opens for opens, _closes in offered],
                "closes": [closes for _opens, closes in offered],
                "offer": offer.pk,
                "bay": offer.right.bay_id,
                "blocking": [state.value for state in BLOCKING],
                "now": now,
            },
        )
        return [(opens, closes) for opens, closes in cursor.fetchall()]


def open_offers(pool: CapacityPool, start: datetime, end: datetime) -> list[SharedOffer]:
    """Offers of the pool that are open the whole time, the cheapest first. Bookings are not looked
    at here: the constraint on them decides."""
    recalls = Prefetch("recalls", SharedRecall.objects.touching(start, end), to_attr="touching")
    offers = (
        SharedOffer.objects.standing()
        .filter(right__bay__pool=pool, right__bay__space__retired_at=None)
        .select_related("right__bay__space")
        .prefetch_related(recalls)
    )
    minutes = (end - start).total_seconds() / 60
    found = [offer for offer in offers if _is_open(offer, start, end)]
    return sorted(found, key=lambda offer: (shared_price(offer, minutes), offer.pk))


def _is_open(offer: SharedOffer, start: datetime, end: datetime) -> bool:
    spans = offered_spans(offer, start, end)
    whole = any(opens <= start and end <= closes for opens, closes in spans)
    return whole and not offer.touching  # type: ignore[attr-defined]  # prefetched


def lock_open_offer(offer_pk: int, start: datetime, end: datetime) -> SharedOffer | None:
    """The offer, if it is open the whole time; its owner cannot recall it before we commit."""
    offer = (
        SharedOffer.objects.standing()
        .select_for_update(of=("self",))
        .select_related("right__bay__space")
        .filter(pk=offer_pk)
        .first()
    )
    if offer is None:
        return None
    offer.touching = list(offer.recalls.touching(start, end))  # type: ignore[attr-defined]
    return offer if _is_open(offer, start, end) else None


def shared_steps(offer: SharedOffer, minutes: float) -> int:
    return -(-int(minutes) // offer.step_min)


def shared_price(offer: SharedOffer, minutes: float) -> int:
    return shared_steps(offer, minutes) * offer.step_price


def check_length(offer: SharedOffer, minutes: float) -> None:
    if not offer.min_stay_min <= minutes <= offer.max_stay_min:
        text = _("This bay is lent for %(least)d to %(most)d minutes.")
        limits = {"least": offer.min_stay_min, "most": offer.max_stay_min}
        raise Invalid(errors={"ends_at": text % limits})
