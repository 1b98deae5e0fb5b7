"""The lights ahead of a person on a way, in words and seconds."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.base import clock
from apps.navigation.core.signals import STALE_S, Advice, Ahead, Shown, advise
from apps.navigation.selectors.walks import Walk
from apps.traffic.models import SignalGroup
from apps.traffic.selectors.crossings import Showing, showing

REACH_M = 25.0


def light_ahead(walk: Walk, along_m: float) -> Ahead | None:
    """The crossing just ahead, or the one being walked."""
    for ahead in walk.lights:
        begins_m, ends_m = _stretch(walk, ahead)
        if begins_m - REACH_M <= along_m < ends_m:
            return ahead
    return None


def signal_row(walk: Walk, ahead: Ahead, along_m: float) -> dict[str, Any]:
    """What the lights show, and whether this person gets across now."""
    now = clock.now()
    shown = _shown(ahead, now)
    crossing = ahead.crossing
    need_s = crossing.need_s(walk.profile)
    advice = advise(crossing, shown, need_s, now_s=now.timestamp())
    begins_m, _ends_m = _stretch(walk, ahead)
    is_on_it = along_m > begins_m
    return {
        "crossing": crossing.ref,
        "ahead_m": round(max(begins_m - along_m, 0.0), 1),
        "is_on_it": is_on_it,
        "state": advice.state,
        "can_finish": advice.can_finish,
        "least_s": _tenths(advice.least_s),
        "most_s": _tenths(advice.most_s),
        "is_exact": advice.is_exact,
        "about_s": _tenths(advice.about_s),
        "need_s": round(need_s, 1),
        "age_s": None if shown is None else round(shown.age_s, 1),
        "ttl_s": STALE_S,
        "say": "" if is_on_it else sentence(advice),
    }


def sentence(advice: Advice) -> str:
    """Facts about the lights; never that it is safe. Nothing where nothing is known."""
    if advice.state == "walk" and advice.can_finish:
        return _walk_sentence(advice)
    if advice.state == "walk":
        return _("The green man is on, but not long enough for you. Wait for the next one.")
    if advice.state == "clearing":
        return _("The lights are changing. Wait for the next green man.")
    if advice.state == "wait":
        return _wait_sentence(advice)
    return ""


def _walk_sentence(advice: Advice) -> str:
    if advice.least_s is None or advice.least_s < 1:
        return _("The green man is on.")
    seconds = int(advice.least_s)
    text = ngettext(
        "The green man is on for %(count)d second more at least.",
        "The green man is on for %(count)d seconds more at least.",
        seconds,
    )
    return text % {"count": seconds}


def _wait_sentence(advice: Advice) -> str:
    if advice.about_s is None:
        return _("Wait for the green man.")
    seconds = max(5, round(advice.about_s / 5) * 5)
    return _("Wait for the green man, about %(count)d seconds.") % {"count": seconds}


def _stretch(walk: Walk, ahead: Ahead) -> tuple[float, float]:
    begins_m = walk.course.begins_m
    last = ahead.last + 1
    ends_m = begins_m[last] if last < len(begins_m) else walk.course.length_m
    return float(begins_m[ahead.first]), float(ends_m)


def _shown(ahead: Ahead, now: datetime) -> Shown | None:
    group = SignalGroup.objects.filter(pk=ahead.crossing.group).first()
    said = showing(group) if group else None
    return _in_seconds(said, now) if said else None


def _in_seconds(said: Showing, now: datetime) -> Shown:
    def until(instant: datetime | None) -> float | None:
        return None if instant is None else (instant - now).total_seconds()

    age_s = (now - said.heard_at).total_seconds()
    return Shown(said.aspect, age_s, until(said.min_end_at), until(said.max_end_at))


def _tenths(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
