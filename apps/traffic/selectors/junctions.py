"""What junctions show: live rows, and as SPaT."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime

from apps.base import clock, live
from apps.traffic.models import Junction, JunctionState
from devices.protocols.spat import EventState, Intersection, Movement

TOPIC = "traffic.signals:all"
FRESH = timedelta(seconds=3)  # older, and a countdown would be a guess

_EVENTS = {
    ("vehicles", "green"): EventState.PROTECTED_ALLOWED,
    ("vehicles", "clearing"): EventState.PROTECTED_CLEARANCE,
    ("walkers", "green"): EventState.PROTECTED_ALLOWED,
    ("walkers", "clearing"): EventState.PROTECTED_CLEARANCE,
}


def as_row(state: JunctionState) -> live.Row:
    return {
        "id": state.junction.code,
        "version": state.version,
        "lon": state.junction.geom.x,
        "lat": state.junction.geom.y,
        "names": state.junction.names,
        "groups": state.groups,
        "preempted": state.preempted,
        "health": state.health,
        "heard_at": state.heard_at,
    }


class SignalsSource:
    def rows(self, key: str, *, since: int | None) -> Iterable[live.Row]:
        if key != "all":
            raise KeyError(key)
        states = JunctionState.objects.select_related("junction")
        if since is not None:
            states = states.filter(changed_in__gte=since)
        return [as_row(state) for state in states.order_by("junction_id")]


signals_source = SignalsSource()


def intersections() -> list[Intersection]:
    """Every junction heard of late, as SPaT says it; those heard too long ago are left out."""
    fresh = JunctionState.objects.filter(
        heard_at__gte=clock.now() - FRESH, health=JunctionState.Health.WELL
    )
    return [_intersection(state) for state in fresh.select_related("junction")]


def _intersection(state: JunctionState) -> Intersection:
    assert state.heard_at is not None
    return Intersection(
        id=state.junction.spat_id,
        at=state.heard_at,
        is_preempted=bool(state.preempted),
        movements=tuple(_movement(group) for group in state.groups),
    )


def _movement(group: dict[str, Any]) -> Movement:
    return Movement(
        signal_group=group["group"],
        state=_EVENTS.get((group["stream"], group["aspect"]), EventState.STOP_AND_REMAIN),
        min_end_at=_instant(group.get("min_end_at")),
        max_end_at=_instant(group.get("max_end_at")),
    )


def _instant(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def junctions_to_watch() -> list[Junction]:
    """Those with a controller that is to be asked."""
    watched = Junction.objects.filter(controller__active=True)
    return list(watched.select_related("controller", "controller__thing"))
