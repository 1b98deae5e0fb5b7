"""What a booking will cost: a price that stands for five minutes, signed against editing."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db.models import Count, F, FloatField, Func, Subquery
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock, tokens
from apps.base.problems import Conflict, Invalid, NotFound, Problem
from apps.parking.core.pricing import Line, Price
from apps.parking.models import BookingPolicy, CapacityPool, ParkingSite, SharedOffer, Space
from apps.parking.services.openings import check_length, open_offers, shared_price, shared_steps
from apps.parking.services.tariffs import price_stay, proven_discounts, tariff_at

LASTS = timedelta(minutes=5)
PAST_GRACE = timedelta(minutes=2)
PURPOSE = "parking.quote"
MAX_ALTERNATIVES = 3


class NotBookable(Conflict):
    slug = "not-bookable"
    title = _("Spaces here cannot be booked.")


class NoSpace(Conflict):
    slug = "no-space"
    title = _("No space is left for this time.")


class InThePast(Invalid):
    slug = "in-the-past"
    title = _("This time is over.")


class NotEntitled(Problem):
    slug, status = "not-entitled", 403
    title = _("Nobody has checked your right to this discount yet.")


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What is promised. Whole seconds, so that it survives being written down."""

    id: uuid.UUID
    pool: int
    site: str
    category: str
    starts_at: datetime
    ends_at: datetime
    price: int
    currency: str
    lines: tuple[Line, ...]
    turnover_min: int
    discounts: tuple[str, ...] = ()
    tariff: int | None = None
    offer: int | None = None

    @property
    def kept_until(self) -> datetime:
        return self.ends_at + timedelta(minutes=self.turnover_min)


@dataclass(frozen=True)
class Signed:
    token: str
    quote: Quote
    expires_at: datetime
    free_spaces: int


def make_quote(
    *,
    site: str,
    category: str,
    starts_at: datetime,
    ends_at: datetime,
    discounts: Collection[str] = (),
    person: Person | None = None,
) -> Signed:
    """The price of a booking, if it can be had now.

    Discounts asked for by somebody signed in are those staff have checked; to others the quote only
    shows what they would make of the price.

    Raises:
        NotFound, NotBookable, InThePast, Invalid, NotEntitled, NoSpace, NoTariff.
    """
    policy = policy_of(site, category)
    start, end = starts_at.replace(microsecond=0), ends_at.replace(microsecond=0)
    check_times(policy, start, end)
    if person is not None:
        check_discounts(person, discounts, start)
    pool = policy.pool
    if pool.category == "resident":
        quote, free = _quote_shared(policy, start, end)
    else:
        quote, free = _quote_by_tariff(policy, start, end, tuple(sorted(set(discounts))))
    token = tokens.sign(PURPOSE, msgspec.to_builtins(quote), lasts=LASTS)
    return Signed(token, quote, clock.now() + LASTS, free)


def read_quote(token: str) -> Quote:
    """Raises TokenForged, TokenExpired."""
    return msgspec.convert(tokens.read(PURPOSE, token), Quote)


def policy_of(site: str, category: str) -> BookingPolicy:
    pool = (
        CapacityPool.objects.filter(site__code=site, category=category, site__retired_at=None)
        .select_related("site", "booking_policy")
        .first()
    )
    if pool is None:
        raise NotFound(_("There is no such pool of spaces."))
    policy: BookingPolicy | None = getattr(pool, "booking_policy", None)
    if policy is None or pool.site.closed:
        raise NotBookable
    policy.pool = pool
    return policy


def check_times(policy: BookingPolicy, start: datetime, end: datetime) -> None:
    now = clock.now()
    if start < now - PAST_GRACE:
        raise InThePast(errors={"starts_at": _("This time is over.")})
    if end <= start:
        raise Invalid(errors={"ends_at": _("The end comes after the start.")})
    check_stay(policy, start, end)
    if start > now + timedelta(days=policy.max_ahead_days):
        text = _("At most %(days)d days ahead.") % {"days": policy.max_ahead_days}
        raise Invalid(errors={"starts_at": text})


def check_stay(policy: BookingPolicy, start: datetime, end: datetime) -> None:
    minutes = (end - start).total_seconds() / 60
    if not policy.min_stay_min <= minutes <= policy.max_stay_min:
        text = _("A booking lasts %(least)d to %(most)d minutes.")
        limits = {"least": policy.min_stay_min, "most": policy.max_stay_min}
        raise Invalid(errors={"ends_at": text % limits})


def check_discounts(person: Person, discounts: Collection[str], at: datetime) -> None:
    if not discounts:
        return
    missing = sorted(set(discounts) - proven_discounts(person, at))
    if missing:
        raise NotEntitled(errors={"discounts": ", ".join(missing)})


def _quote_by_tariff(
    policy: BookingPolicy, start: datetime, end: datetime, discounts: tuple[str, ...]
) -> tuple[Quote, int]:
    pool = policy.pool
    free = pool.spaces.free_in(start, end + policy.turnover).count()
    if not free:
        raise no_space(pool, start, end)
    tariff = tariff_at(pool.site, pool.category, start)
    price = price_stay(tariff, start, end, discounts=discounts)
    return _quote(policy, start, end, price, discounts=discounts, tariff=tariff.pk), free


def _quote_shared(policy: BookingPolicy, start: datetime, end: datetime) -> tuple[Quote, int]:
    pool, until = policy.pool, end + policy.turnover
    free = set(pool.spaces.free_in(start, until).values_list("pk", flat=True))
    offers = [
        offer for offer in open_offers(pool, start, until) if offer.right.bay.space.pk in free
    ]
    if not offers:
        raise no_space(pool, start, end)
    minutes = (end - start).total_seconds() / 60
    check_length(offers[0], minutes)
    price = price_shared(offers[0], minutes)
    return _quote(policy, start, end, price, offer=offers[0].pk), len(offers)


def price_shared(offer: SharedOffer, minutes: float) -> Price:
    """The owner's price: so much per started step."""
    amount = shared_price(offer, minutes)
    params = {
        "steps": shared_steps(offer, minutes), "step_min": offer.step_min,
        "price": offer.step_price,
    }  # fmt: skip
    return Price(amount, "KRW", (Line("shared", amount, params),))


def _quote(
    policy: BookingPolicy, start: datetime, end: datetime, price: Price, **more: Any
) -> Quote:
    pool = policy.pool
    return Quote(
        id=uuid.uuid4(),
        pool=pool.pk,
        site=pool.site.code,
        category=pool.category,
        starts_at=start,
        ends_at=end,
        price=price.amount,
        currency=price.currency,
        lines=price.lines,
        turnover_min=policy.turnover_min,
        **more,
    )


class Apart(Func):
    """Metres between two points in the city's metres."""

    arg_joiner = " <-> "
    template = "(%(expressions)s)"
    output_field = FloatField()


def no_space(pool: CapacityPool, start: datetime, end: datetime) -> NoSpace:
    return NoSpace(alternatives=alternatives(pool, start, end))


def alternatives(pool: CapacityPool, start: datetime, end: datetime) -> list[dict[str, Any]]:
    """The nearest other sites with spaces of the same kind to book for that time."""
    here = Subquery(ParkingSite.objects.filter(pk=pool.site_id).values("geom_m"))
    rows = (
        Space.objects.free_in(start, end)
        .filter(pool__category=pool.category, pool__site__retired_at=None, bay=None)
        .filter(pool__site__closed=False, pool__booking_policy__isnull=False)
        .exclude(pool=pool)
        .values("pool__site__code")
        .annotate(spaces=Count("pk"), far=Apart(F("pool__site__geom_m"), here))
        .order_by("far")[:MAX_ALTERNATIVES]
    )
    return [
        {
            "site": row["pool__site__code"],
            "category": pool.category,
            "spaces": row["spaces"],
            "distance_m": round(row["far"]),
        }
        for row in rows
    ]
