"""Which tariff holds where, and what a stay costs by it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock
from apps.base.problems import Conflict, Invalid
from apps.city.models import the_city
from apps.city.selectors.calendar import day_kinds
from apps.parking.core.pricing import Price, Pricer, Stay
from apps.parking.core.tariffs import DayKind, read_tariff
from apps.parking.models import DiscountRight, ParkingSite, Tariff, TariffAssignment

EXAMPLES_MIN = (30, 60, 120, 240, 480, 1440)


class NoTariff(Conflict):
    slug = "no-tariff"
    title = _("We do not know what parking costs here.")


def define_tariff(*, code: str, names: dict[str, str], rules: Any) -> Tariff:
    """A price list by code; one in force keeps its rules.

    Raises:
        Invalid: the rules say nothing that can be charged.
        Conflict: a tariff of this code is in force with other rules.
    """
    try:
        read_tariff(rules)
    except ValueError as error:
        raise Invalid(errors={"rules": str(error)}) from error
    found, created = Tariff.objects.get_or_create(
        code=code, defaults={"names": names, "rules": rules, "created_at": clock.now()}
    )
    if created or found.rules == rules:
        return found
    if found.assignments.exists() or found.reservations.exists():
        raise Conflict(_("A tariff in force keeps its rules: make a new one."))
    found.names, found.rules = names, rules
    found.save(update_fields=["names", "rules"])
    return found


def assign_tariff(
    *,
    site: ParkingSite,
    tariff: Tariff,
    first_on: date,
    last_on: date | None = None,
    category: str = "",
) -> TariffAssignment:
    """Raises Conflict where another tariff is in force on one of the days."""
    after = last_on + timedelta(days=1) if last_on else None
    try:
        with transaction.atomic():
            return TariffAssignment.objects.create(
                site=site, category=category, tariff=tariff, valid_on=(first_on, after)
            )
    except IntegrityError as error:
        raise Conflict(_("Another tariff is in force on some of these days.")) from error


def tariff_at(site: ParkingSite, category: str, at: datetime) -> Tariff:
    """The category's own tariff, else the site's. Raises NoTariff."""
    day = at.astimezone(the_city().zone).date()
    found = (
        TariffAssignment.objects.on(day)
        .filter(site=site, category__in=(category, ""))
        .select_related("tariff")
        .order_by("-category")
        .first()
    )
    if found is None:
        raise NoTariff
    return found.tariff


def proven_discounts(person: Person | None, at: datetime) -> frozenset[str]:
    """Discounts whose proof staff have seen."""
    if person is None:
        return frozenset()
    day = at.astimezone(the_city().zone).date()
    rights = DiscountRight.objects.filter(person=person).valid_on(day)
    return frozenset(rights.values_list("discount", flat=True))


def price_stay(
    tariff: Tariff,
    start: datetime,
    end: datetime,
    *,
    discounts: Collection[str] = (),
    charged_until: datetime | None = None,
) -> Price:
    stay = Stay(
        starts_at=start,
        ends_at=end,
        discounts=frozenset(discounts),
        charged_until=charged_until,
    )
    kinds = _kinds(start, end, tariff)
    return _pricer(tariff).price(stay, kinds.__getitem__)


def _kinds(start: datetime, end: datetime, tariff: Tariff) -> dict[date, DayKind]:
    zone = _pricer(tariff).tariff.time_zone
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    # DayKind's values are the core's words.
    return {day: kind.value for day, kind in day_kinds(days).items()}  # type: ignore[misc]


def _pricer(tariff: Tariff) -> Pricer:
    return _pricer_of(tariff.pk, _Rules(tariff.rules))


class _Rules:
    """Rules as a cache key: equal when their text is."""

    def __init__(self, rules: Any) -> None:
        self.rules = rules
        self._text = repr(rules)

    def __hash__(self) -> int:
        return hash(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rules) and self._text == other._text


@lru_cache(maxsize=512)
def _pricer_of(_tariff_pk: int, rules: _Rules) -> Pricer:
    return Pricer(read_tariff(rules.rules))


def tariffs_shown(site: ParkingSite) -> list[dict[str, Any]]:
    """What is in force today, with the price of some stays that begin now."""
    now = clock.now()
    today = now.astimezone(the_city().zone).date()
    rows = TariffAssignment.objects.on(today).filter(site=site).select_related("tariff")
    return [
        {
            "category": row.category,
            "code": row.tariff.code,
            "names": row.tariff.names,
            "currency": _pricer(row.tariff).tariff.currency,
            "discounts": [discount.code for discount in _pricer(row.tariff).tariff.discounts],
            "rules": row.tariff.rules,
            "examples": examples(row.tariff, now),
        }
        for row in rows.order_by("category")
    ]


def examples(tariff: Tariff, start: datetime) -> list[dict[str, int]]:
    return [
        {
            "minutes": minutes,
            "price": price_stay(tariff, start, start + timedelta(minutes=minutes)).amount,
        }
        for minutes in EXAMPLES_MIN
    ]
