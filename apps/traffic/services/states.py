"""Writing down what junctions show, and telling screens of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.base import clock, live
from apps.traffic.models import Junction, JunctionState
from apps.traffic.selectors.junctions import TOPIC, as_row
from devices.protocols.spat import EventState, Intersection, Movement

UNNAMED_PREEMPTION = 0
AHEAD = timedelta(seconds=1)  # a clock may go before ours by as much
LATE = timedelta(seconds=10)  # lights of then say nothing about now


@dataclass(frozen=True, slots=True)
class Heard:
    """One word of a controller, or of its silence. `groups` as in `JunctionState`; None leaves
    what was known, which then grows old."""

    at: datetime
    health: JunctionState.Health
    trouble: str = ""
    groups: Sequence[dict[str, Any]] | None = None
    stage: int | None = None
    control: str = ""
    pattern: int | None = None
    preempted: Sequence[int] = ()


@transaction.atomic
def note_state(*, junction: Junction, heard: Heard) -> None:
    """Keep the newest word of a junction; an older one changes nothing."""
    JunctionState.objects.get_or_create(junction=junction)
    known = JunctionState.objects.select_for_update().get(junction=junction)
    said: dict[str, Any] = {"health": heard.health, "trouble": heard.trouble[:200]}
    if heard.groups is not None:
        if known.heard_at is not None and known.heard_at > heard.at:
            return
        said |= {
            "groups": list(heard.groups), "stage": heard.stage, "control": heard.control,
            "pattern": heard.pattern, "preempted": list(heard.preempted), "heard_at": heard.at,
        }  # fmt: skip
        if known.groups != said["groups"]:
            said["changed_at"] = heard.at
    JunctionState.objects.filter(pk=known.pk).update(**JunctionState.touched(), **said)
    known.refresh_from_db()
    live.announce(TOPIC, [as_row(known)])


def note_trouble(*, junction: Junction, health: JunctionState.Health, trouble: str) -> None:
    """Its controller is silent or senseless; what it showed last is left to grow old."""
    note_state(junction=junction, heard=Heard(at=clock.now(), health=health, trouble=trouble))


_ASPECTS = {
    EventState.PROTECTED_ALLOWED: "green",
    EventState.PERMISSIVE_ALLOWED: "green",
    EventState.PROTECTED_CLEARANCE: "clearing",
    EventState.PERMISSIVE_CLEARANCE: "clearing",
}


def take_spat(*, gateway_id: int, said: Sequence[Intersection]) -> dict[str, Any]:
    """What another system's SPaT says of junctions that no controller of ours is asked for. Each
    is taken or refused by itself: one that is not this gateway's, that our own controller speaks
    for, that is older than what is known, or that names other groups than the junction has."""
    now, refused = clock.now(), []
    for one in said:
        why = _take_intersection(gateway_id, one, now)
        if why:
            refused.append({"id": one.id, "why": why})
    return {"taken": len(said) - len(refused), "refused": refused}


def _take_intersection(gateway_id: int, said: Intersection, now: datetime) -> str:
    """Empty once taken, else why not."""
    junction = Junction.objects.filter(spat_id=said.id).first()
    if junction is None or junction.told_by_id != gateway_id:
        return _("This gateway may not speak of this junction.")
    if junction.controller_id is not None:
        return _("Its own controller is asked.")
    state = JunctionState.objects.filter(junction=junction).first()
    is_now = now - LATE <= said.at <= now + AHEAD
    if not is_now or (state and state.heard_at and state.heard_at >= said.at):
        return _("It speaks of the past or the future.")
    streams = dict(junction.groups.values_list("number", "stream"))
    if {movement.signal_group for movement in said.movements} - streams.keys():
        return _("It names signal groups that the junction does not have.")
    groups = [_group(movement, streams, said.at) for movement in said.movements]
    note_state(
        junction=junction,
        heard=Heard(
            at=said.at,
            health=JunctionState.Health.WELL,
            groups=groups,
            control="spat",
            preempted=(UNNAMED_PREEMPTION,) if said.is_preempted else (),
        ),
    )
    return ""


def _group(movement: Movement, streams: dict[int, str], at: datetime) -> dict[str, Any]:
    def written(instant: datetime | None) -> str | None:
        return None if instant is None else instant.isoformat()

    return {
        "group": movement.signal_group,
        "stream": streams[movement.signal_group],
        "aspect": _ASPECTS.get(movement.state, "red"),
        "since_at": written(at),
        "min_end_at": written(movement.min_end_at),
        "max_end_at": written(movement.max_end_at),
    }
