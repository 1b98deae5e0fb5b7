"""What parking will be like when one arrives."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.commands import open_skill
from apps.assistant.core.messages import Button, Output
from apps.assistant.core.slots import Context, Skill
from apps.assistant.skills.find_parking import ParkingPlace, free_text, question_of
from apps.assistant.skills.needs import NeedsSlot
from apps.assistant.skills.saying import local_now, time_text
from apps.assistant.skills.times import WhenSlot, instant
from apps.base.names import pick
from apps.parking.core.prospects import Arrival
from apps.parking.models import CapacityPool, PoolOutlook
from apps.parking.selectors import arrival_at
from apps.parking.services.guidance import LONGEST_MIN, find_pool
from apps.parking.services.nearby import sites_near

SHOWN = 2
LIKELY, UNLIKELY = 0.75, 0.35


class ArrivalTime(WhenSlot):
    takes_rough: ClassVar[bool] = True

    def question(self) -> str:
        return _("When will you be there?")


class ParkingForecast(Skill):
    name: ClassVar[str] = "parking_forecast"
    intents: ClassVar[tuple[str, ...]] = ("parking_forecast",)
    digresses: ClassVar[bool] = True
    slots = (ParkingPlace(), ArrivalTime(), NeedsSlot())

    def title(self, context: Context) -> str:
        return _("Parking later on")

    def perform(self, context: Context) -> Sequence[Output]:
        place, at = context.slots["place"], instant(context)
        assert at is not None, "the slot is filled"
        question = question_of(place, context, limit=SHOWN)
        found = sites_near(question)
        if not found:
            return [Output(text=_("I know of no car park near %s.") % place["label"])]
        head = _("Near %(place)s, %(at)s:") % {"place": place["label"], "at": time_text(at)}
        after_min = max(0.0, (at - local_now()) / timedelta(minutes=1))
        lines = [
            f"{pick(site['names'], context.language)}: {_outlook(site, question.wanted, after_min)}"
            for site in found
        ]
        button = Button(_("Book a space"), open_skill("book_parking"))
        return [Output(text="\n".join([head, *lines]), buttons=(button,))]


def _outlook(site: dict[str, Any], category: str, after_min: float) -> str:
    """The next two hours by what is known now, later ones by the forecast of the day."""
    pool = find_pool(site["id"], category)
    if after_min <= LONGEST_MIN:
        return _by_arrival(arrival_at(pool, after_min), site)
    later = _by_forecast(pool, after_min)
    return later or _("nobody can say yet; %s") % free_text(site)


def _by_arrival(meets: Arrival, site: dict[str, Any]) -> str:
    if meets.by == "nothing":
        return _("nobody knows how much is free there")
    if meets.expected_free is None or meets.low_free is None or meets.high_free is None:
        return f"{_chance(meets.chance)}; {free_text(site)}"
    text = _("about %(free)d spaces (%(low)d to %(high)d), %(chance)s")
    return text % {
        "free": round(meets.expected_free), "low": round(meets.low_free),
        "high": round(meets.high_free), "chance": _chance(meets.chance),
    }  # fmt: skip


def _chance(chance: float) -> str:
    if chance >= LIKELY:
        return _("a space is likely")
    return _("a space is unlikely") if chance <= UNLIKELY else _("it may be full")


def _by_forecast(pool: CapacityPool, after_min: float) -> str:
    outlook = PoolOutlook.objects.filter(pool=pool).first()
    if outlook is None:
        return ""
    since_made = after_min + (local_now() - outlook.made_at) / timedelta(minutes=1)
    points = [at for at, minutes in enumerate(outlook.minutes) if minutes >= since_made]
    if not points:
        return ""
    at, total = points[0], pool.total
    text = _("about %(free)d of %(total)d spaces (%(low)d to %(high)d)")
    return text % {
        "free": round(total * (1 - outlook.expected[at])), "total": total,
        "low": round(total * (1 - outlook.high[at])), "high": round(total * (1 - outlook.low[at])),
    }  # fmt: skip


skill = ParkingForecast()
