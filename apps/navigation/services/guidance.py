"""Leading a person along a route: positions in, messages out, all state in one row.

Messages that must not be lost (cues, hazards, reroutes, arrival) carry a number and are kept for a
while, so that whoever comes back says which number they heard last and gets the rest, once.
Progress carries none: the next one says more. What stands in the way is looked at with every
position and whenever an obstruction changes; one that closes the rest of the way turns the person
before it.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Person
from apps.base import clock
from apps.base.problems import NotFound, Problem
from apps.city.models import Obstruction
from apps.navigation.core.guidance import (
    Arrived,
    CueDue,
    Guidance,
    OffCourse,
    Outcome,
    Progress,
    Uncertain,
    advance,
)
from apps.navigation.core.matching import Fix, match
from apps.navigation.core.overlay import Obstacle
from apps.navigation.models import GuidanceSession, Route
from apps.navigation.selectors.lights import light_ahead, signal_row
from apps.navigation.selectors.telling import feature, hazard_row, summary
from apps.navigation.selectors.walks import Walk, route_for, walk_of
from apps.navigation.selectors.wording import capitalised, said
from apps.navigation.services.routes import plan_routes
from apps.navigation.snapshot.guidance import belief_document, belief_of, state_document, state_of

SENT_KEPT = 60
HAZARD_AHEAD_M = 40.0
PASSED_M = 3.0  # an obstruction this far behind no longer closes the way

Message = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One position as the person's device tells it; `seq` grows, `at_s` counts seconds."""

    seq: int
    lon: float
    lat: float
    accuracy_m: float = 8.0
    heading_deg: float | None = None
    speed_mps: float | None = None
    at_s: float | None = None


def open_session(*, route: UUID | str, person: Person | None) -> GuidanceSession:
    """Raises NotFound for a route that is not theirs, RouteOver where its map is gone."""
    found = route_for(route, person)
    walk_of(found)
    now = clock.now()
    return GuidanceSession.objects.create(route=found, created_at=now, seen_at=now)


def session_for(code: UUID | str, person: Person | None) -> GuidanceSession:
    """Raises NotFound, for sessions of other persons too."""
    found = GuidanceSession.objects.select_related("route__build").filter(code=code).first()
    if found is None or not Route.objects.readable_by(person).filter(pk=found.route_id).exists():
        raise NotFound
    return found


def standing(*, session: GuidanceSession) -> Message:
    """What a client that comes (back) must know first."""
    walk = walk_of(session.route)
    return {
        "type": "session",
        "state": session.state,
        "route": feature(walk),
        "along_m": round(state_of(session.progress).along_m, 1),
        "number": session.sent_number,
        "seq": session.heard_number,
    }


def missed_by(*, code: UUID | str, heard: int) -> list[Message]:
    """Numbered messages after the one heard last."""
    session = GuidanceSession.objects.get(code=code)
    return [message for message in session.sent if message["number"] > heard]


@transaction.atomic
def take_position(*, code: UUID | str, position: Position) -> list[Message]:
    """One position further; what to tell. A position that came before is ignored."""
    session = _locked(code)
    if position.seq <= session.heard_number or session.state != session.State.LEADING:
        return []
    session.heard_number = position.seq
    turned = _turn_if_closed(session)  # before this position's own cues: they may lead into it
    walk = walk_of(session.route)
    fix = _fix(walk, position)
    belief = match(
        walk.served.terrain.graph, walk.served.terrain.grid, belief_of(session.progress), fix
    )
    state, outcomes = advance(walk.course, walk.cues, state_of(session.progress), fix, belief)
    session.progress |= state_document(state) | belief_document(belief)
    session.progress["lonlat"] = [position.lon, position.lat]
    told = [message for o in outcomes for message in _told(session, walk, o)]
    told += _hazards(session, walk, state)
    told += _turn_if_closed(session)
    told += _signal(walk, state.along_m)
    return _kept(session, [*turned, *told])


@transaction.atomic
def look_ahead(*, code: UUID | str) -> list[Message]:
    """Something changed somewhere: whether the rest of this way is still open."""
    session = _locked(code)
    return _kept(session, _turn_if_closed(session))


def signal_ahead(*, code: UUID | str) -> list[Message]:
    """The lights before which, or on whose crossing, the person stands: asked once a second."""
    session = GuidanceSession.objects.select_related("route__build").filter(code=code).first()
    if session is None:
        raise NotFound
    if session.state != session.State.LEADING:
        return []
    return list(_signal(walk_of(session.route), state_of(session.progress).along_m))


# ---------------------------------------------------------------- inside


def _signal(walk: Walk, along_m: float) -> Iterator[Message]:
    ahead = light_ahead(walk, along_m)
    if ahead is not None:
        yield {"type": "signal", **signal_row(walk, ahead, along_m)}


def _locked(code: UUID | str) -> GuidanceSession:
    found = GuidanceSession.objects.select_for_update(of=("self",)).select_related("route__build")
    session = found.filter(code=code).first()
    if session is None:
        raise NotFound
    return session


def _fix(walk: Walk, position: Position) -> Fix:
    x, y = walk.served.terrain.graph.plane.to_xy(position.lon, position.lat)
    return Fix(
        x=x,
        y=y,
        at_s=clock.now().timestamp() if position.at_s is None else position.at_s,
        accuracy_m=position.accuracy_m,
        heading_deg=position.heading_deg,
        speed_mps=position.speed_mps,
    )


def _told(session: GuidanceSession, walk: Walk, outcome: Outcome) -> Iterator[Message]:
    match outcome:
        case Progress():
            yield _progress(walk, outcome)
        case CueDue():
            yield _cue(outcome)
        case OffCourse():
            yield from _reroute(session, "off_course", _("You have left the way."))
        case Uncertain(accuracy_m):
            say = _("Your position is too uncertain to guide you. Please wait a moment.")
            yield {"type": "uncertain", "accuracy_m": round(accuracy_m), "say": say}
        case Arrived():
            session.state = session.State.ARRIVED
            yield {"type": "arrived", "say": _("You have arrived.")}


def _progress(walk: Walk, progress: Progress) -> Message:
    x, y, _z = walk.course.point_at(progress.along_m)
    lon, lat = walk.served.terrain.graph.plane.to_lonlat(x, y)
    row = {name: round(value, 1) for name, value in asdict(progress).items()}
    heading = round(walk.course.heading_at(progress.along_m))
    return {"type": "progress", **row, "lon": round(lon, 7), "lat": round(lat, 7),
            "heading": heading}  # fmt: skip


def _cue(due: CueDue) -> Message:
    cue = due.cue
    return {
        "type": "cue",
        "id": cue.id,
        "stage": cue.stage,
        "say": said(cue.say),
        "haptic": cue.haptic,
        "earcon": cue.earcon,
        "bearing": round(cue.bearing_deg),
        "senses": list(cue.senses),
        "priority": cue.priority,
        "ahead_m": round(due.ahead_m, 1),
    }


def _hazards(session: GuidanceSession, walk: Walk, state: Guidance) -> list[Message]:
    """Obstacles just ahead that close nothing for this person, each told once."""
    told = session.progress.setdefault("hazards", [])
    found: list[Message] = []
    for obstacle in walk.obstacles:
        ahead_m = walk.begins_m(obstacle) - state.along_m
        if obstacle.ref in told or not -PASSED_M <= ahead_m <= HAZARD_AHEAD_M:
            continue
        if not obstacle.closes_for(walk.profile):
            told.append(obstacle.ref)
            say = _("Take care: %(what)s ahead.") % {"what": _kind(obstacle)}
            found.append({"type": "hazard", **hazard_row(walk, obstacle), "say": say})
    return found


def _kind(obstacle: Obstacle) -> str:
    if obstacle.crossing is not None:
        return _("lights that change before you are across")
    return str(Obstruction.Kind(obstacle.kind).label)


def _turn_if_closed(session: GuidanceSession) -> list[Message]:
    """Another way, if something closes the rest of this one; told once where there is none."""
    if session.state != session.State.LEADING:
        return []
    walk, along_m = walk_of(session.route), state_of(session.progress).along_m
    closing = [o for o in walk.blocked_by if _is_ahead(walk, o, along_m)]
    refs = sorted(o.ref for o in closing)
    if not closing or refs == session.progress.get("no_way_past"):
        return []
    session.progress["no_way_past"] = refs
    reason = _("The way ahead is closed: %(what)s.") % {"what": _kind(closing[0])}
    return list(_reroute(session, "obstruction", reason))


def _is_ahead(walk: Walk, obstacle: Obstacle, along_m: float) -> bool:
    """Whether any of it lies on the rest of the way."""
    on_it = set(obstacle.segments)
    ends_m = [*walk.course.begins_m[1:].tolist(), walk.course.length_m]
    return any(
        segment in on_it and end_m > along_m + PASSED_M
        for segment, end_m in zip(walk.course.segments, ends_m, strict=True)
    )


def _reroute(session: GuidanceSession, reason: str, because: str) -> Iterator[Message]:
    """A new way from where the person is, over the stops still to come."""
    before = walk_of(session.route)
    along_m = state_of(session.progress).along_m
    try:
        route = plan_routes(
            profile=before.profile,
            stops=_stops_left(session, before, along_m),
            alternatives=0,
            person=session.route.person,
        )[0]
    except Problem as problem:
        say = " ".join((because, str(problem.detail or problem.title)))
        yield {"type": "no_way", "reason": reason, "problem": problem.document(), "say": say}
        return
    after = walk_of(route)
    left_m = before.course.length_m - along_m
    session.route = route
    session.progress = {"lonlat": session.progress.get("lonlat")}
    text = _("%(because)s Take another way: %(way)s")
    yield {
        "type": "reroute",
        "reason": reason,
        "delta_m": round(after.course.length_m - left_m),
        "route": feature(after),
        "say": capitalised(text % {"because": because, "way": summary(after)}),
    }


def _stops_left(session: GuidanceSession, walk: Walk, along_m: float) -> list[tuple[float, float]]:
    here = session.progress.get("lonlat") or session.route.stops[0]
    passed_n = sum(e.kind == "via" and e.at_m <= along_m for e in walk.course.events)
    left = session.route.stops[1 + passed_n :]
    return [(lon, lat) for lon, lat in [here, *left]]


_UNNUMBERED = ("progress", "uncertain", "signal")


def _kept(session: GuidanceSession, messages: list[Message]) -> list[Message]:
    """Number what must not be lost, keep it for whoever comes back, and keep the session."""
    numbered: list[Message] = []
    for message in messages:
        if message["type"] in _UNNUMBERED:
            numbered.append(message)
            continue
        session.sent_number += 1
        numbered.append(message | {"number": session.sent_number})
    lasting = [m for m in numbered if "number" in m]
    session.sent = [*session.sent, *lasting][-SENT_KEPT:]
    session.seen_at = clock.now()
    session.save()
    return numbered
