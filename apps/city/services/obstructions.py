"""Opening, confirming and closing what is in the way. Safe to repeat by command key, audited."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils.translation import gettext as _

from apps.base import audit, clock, live
from apps.base.commands import run_once
from apps.base.models import Media
from apps.base.problems import Conflict, Invalid, NotFound
from apps.city.events import obstruction_changed, on_commit
from apps.city.models import City, Obstruction, metres_of, the_city
from apps.city.selectors.obstructions import TOPIC, as_row

KEPT_AFTER_CLOSING = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an obstruction; `valid_from` None means from now on."""

    kind: str
    geom: GEOSGeometry
    depth_m: float | None = None
    width_left_m: float | None = None
    stops: Sequence[str] = ()
    certainty: float = 0.5
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    description: str = ""
    photo: Media | None = None


def open_obstruction(
    *,
    source: str,
    reference: str,
    facts: Facts,
    actor: str,
    confirmed: bool = False,
    key: str | None = None,
) -> Obstruction:
    """Say that something is in the way. The same source and reference again brings it up to date,
    and opens it anew where it was over.

    Raises:
        Invalid: facts that cannot be, such as a place outside the city.
        Conflict: staff refused this report before.
    """
    city = the_city()
    _check(facts, city)
    columns = _columns(facts, city)
    request = {"source": source, "reference": reference, "facts": _written(facts), "c": confirmed}
    open_ = partial(_open, source, reference, columns, actor, confirmed=confirmed)
    return _once(key, actor, "open_obstruction", request, open_)


def confirm_obstruction(
    *, code: UUID | str, actor: str, certainty: float = 1.0, key: str | None = None
) -> Obstruction:
    """Somebody looked: it is there. Raises NotFound, Conflict."""
    request = {"code": code, "certainty": certainty}
    confirm = partial(_move, code, Obstruction.State.CONFIRMED, actor, certainty=certainty)
    return _once(key, actor, "confirm_obstruction", request, confirm)


def close_obstruction(*, code: UUID | str, actor: str, key: str | None = None) -> Obstruction:
    """It is over. Closing what is closed changes nothing. Raises NotFound, Conflict."""
    close = partial(_move, code, Obstruction.State.CLOSED, actor)
    return _once(key, actor, "close_obstruction", {"code": code}, close)


def refuse_obstruction(*, code: UUID | str, actor: str, key: str | None = None) -> Obstruction:
    """It was not true. Raises NotFound, Conflict."""
    refuse = partial(_move, code, Obstruction.State.REFUSED, actor)
    return _once(key, actor, "refuse_obstruction", {"code": code}, refuse)


def close_reference(*, source: str, reference: str, actor: str) -> Obstruction | None:
    """Close what a source opened, by its own reference; None if there is nothing open."""
    known = Obstruction.objects.open().filter(source=source, reference=reference).first()
    return close_obstruction(code=known.code, actor=actor) if known else None


def remove_long_closed() -> int:
    """Retention: what was over long ago, its photo's row apart, is forgotten."""
    closed = Obstruction.objects.exclude(state__in=Obstruction.OPEN)
    removed, _each = closed.filter(created_at__lt=clock.now() - KEPT_AFTER_CLOSING).delete()
    return removed


# ---------------------------------------------------------------- inside


def _once(
    key: str | None, actor: str, command: str, request: Any, do: Callable[[], Obstruction]
) -> Obstruction:
    outcome = run_once(
        key=key,
        actor=actor,
        command=f"city.{command}",
        request=request,
        do=lambda: {"code": str(do().code)},
    )
    return Obstruction.objects.get(code=outcome["code"])


def _written(facts: Facts) -> dict[str, Any]:
    return {
        "kind": facts.kind,
        "geom": facts.geom.wkt,
        "depth_m": facts.depth_m,
        "width_left_m": facts.width_left_m,
        "stops": list(facts.stops),
        "certainty": facts.certainty,
        "valid_from": facts.valid_from,
        "valid_to": facts.valid_to,
        "description": facts.description,
        "photo": facts.photo.code if facts.photo else None,
    }


def _check(facts: Facts, city: City) -> None:
    """Refuse at the edge what the database would refuse later, in words."""
    errors = {}
    if facts.kind not in Obstruction.Kind.values:
        errors["kind"] = _("This kind is not known.")
    if unknown := set(facts.stops) - set(Obstruction.Stops.values):
        errors["stops"] = _("Not known: %s.") % ", ".join(sorted(unknown))
    if not 0 <= facts.certainty <= 1:
        errors["certainty"] = _("Between 0 and 1.")
    for name, value in (("depth_m", facts.depth_m), ("width_left_m", facts.width_left_m)):
        if value is not None and not 0 <= value < 1000:
            errors[name] = _("Between 0 and 1,000 metres.")
    begins = facts.valid_from or clock.now()
    if facts.valid_to and facts.valid_to <= begins:
        errors["valid_to"] = _("It ends before it begins.")
    if facts.geom.empty or not city.covers(facts.geom.centroid.x, facts.geom.centroid.y):
        errors["geom"] = _("This lies outside the city.")
    if errors:
        raise Invalid(errors=errors)


def _open(
    source: str, reference: str, columns: dict[str, Any], actor: str, *, confirmed: bool
) -> Obstruction:
    """Insert, or lock what is there and bring it up to date; audit only a change of state."""
    state = Obstruction.State.CONFIRMED if confirmed else Obstruction.State.REPORTED
    known, created = Obstruction.objects.select_for_update().get_or_create(
        source=source,
        reference=reference,
        defaults={
            "valid_from": clock.now(),
            **columns,
            "state": state,
            "created_at": clock.now(),
        },
    )
    if not created:
        if known.state == Obstruction.State.CONFIRMED:
            state = Obstruction.State.CONFIRMED
        if known.state == Obstruction.State.REFUSED and not confirmed:
            raise Conflict(_("This report was refused before."))
        # An open one has been there since it was first seen, unless its source knows better.
        begins = known.valid_from if known.is_open else clock.now()
        changes = {"valid_from": begins, **columns, "state": state}
        Obstruction.objects.filter(pk=known.pk).update(**Obstruction.touched(), **changes)
    if created or known.state != state:
        _record(known, "open", actor, before="" if created else known.state, after=state)
    return _announced(known.pk)


def _columns(facts: Facts, city: City) -> dict[str, Any]:
    begins = {"valid_from": facts.valid_from} if facts.valid_from else {}
    return {
        **begins,
        "kind": facts.kind,
        "geom": facts.geom,
        "geom_m": metres_of(facts.geom, srid=city.srid),
        "depth_m": facts.depth_m,
        "width_left_m": facts.width_left_m,
        "stops": sorted(set(facts.stops)),
        "certainty": facts.certainty,
        "valid_to": facts.valid_to,
        "description": facts.description[:500],
        "photo": facts.photo,
    }


def _move(code: UUID | str, state: str, actor: str, **changes: Any) -> Obstruction:
    """Lock, check the table of moves, move, record, announce."""
    known = Obstruction.objects.select_for_update().filter(code=code).first()
    if known is None:
        raise NotFound
    if known.state == state:
        return known
    if not known.may_become(state):
        raise Conflict(
            _("An obstruction that is %(is)s cannot become %(wanted)s.")
            % {"is": known.get_state_display(), "wanted": Obstruction.State(state).label}
        )
    Obstruction.objects.filter(pk=known.pk).update(**Obstruction.touched(), state=state, **changes)
    _record(known, state, actor, before=known.state, after=state)
    return _announced(known.pk)


def _record(known: Obstruction, action: str, actor: str, *, before: str, after: str) -> None:
    audit.record(
        actor=actor,
        action=f"city.obstruction.{action}",
        subject=f"obstruction:{known.code}",
        detail={"from": before, "to": after, "source": known.source},
    )


def _announced(pk: int) -> Obstruction:
    obstruction = Obstruction.objects.get(pk=pk)
    live.announce(TOPIC, [as_row(obstruction)])
    on_commit(obstruction_changed, code=str(obstruction.code))
    return obstruction


@transaction.atomic
def close_expired() -> int:
    """Close what ended by itself, so that screens let go of it; called every minute."""
    now = clock.now()
    over = Obstruction.objects.open().filter(valid_to__lte=now).select_for_update(skip_locked=True)
    for obstruction in over:
        _move(obstruction.code, Obstruction.State.CLOSED, "city")
    return len(over)
