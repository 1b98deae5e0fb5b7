"""Lifts on the map, and their state: an outage is an obstruction like any other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from apps.base import audit, clock, live
from apps.base.problems import NotFound
from apps.city.models import Obstruction
from apps.city.services.obstructions import Facts, close_reference, open_obstruction
from apps.navigation.models import Lift
from apps.navigation.selectors.lifts import TOPIC, as_row
from devices.models import Datastream
from devices.services.provisioning import PropertyPlan, define_property

SOURCE = "lift"
PROPERTY = PropertyPlan(
    code="lift_working",
    names={"en": "Lift works", "ko": "승강기 작동"},
    unit="1",
    kind="state",
    low=0,
    high=1,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftPlan:
    """A lift by its map element; `datastream` is (gateway, code) of what tells its state."""

    code: str
    names: Mapping[str, str]
    lon: float
    lat: float
    osm_type: str
    osm_id: int
    kind: str = Lift.Kind.LIFT
    datastream: tuple[str, str] | None = None


def define_lift_property() -> None:
    """What navigation understands when devices tell it."""
    define_property(PROPERTY)


@transaction.atomic
def provision_lift(plan: LiftPlan) -> Lift:
    """Put a lift on the list, or bring it up to date. Raises NotFound for a wrong datastream."""
    lift, _created = Lift.objects.update_or_create(
        code=plan.code,
        defaults={
            "names": dict(plan.names),
            "kind": plan.kind,
            "geom": Point(plan.lon, plan.lat, srid=4326),
            "osm_type": plan.osm_type,
            "osm_id": plan.osm_id,
            "datastream": _datastream(plan.datastream),
        },
    )
    return lift


def _datastream(names: tuple[str, str] | None) -> Datastream | None:
    if names is None:
        return None
    gateway, code = names
    found = Datastream.objects.filter(gateway__code=gateway, code=code).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def set_lift_state(
    *,
    code: str,
    state: str,
    said_by: str,
    actor: str,
    since: datetime | None = None,
    expected_until: datetime | None = None,
) -> Lift:
    """A device or staff says how a lift is; people on their way hear of it at once.

    Saying the same again changes nothing. Raises NotFound.
    """
    lift = Lift.objects.select_for_update().filter(code=code).first()
    if lift is None:
        raise NotFound
    if (lift.state, lift.expected_until) == (state, expected_until):
        return lift
    before = lift.state
    Lift.objects.filter(pk=lift.pk).update(
        **Lift.touched(),
        state=state,
        state_since=since or clock.now(),
        state_from=said_by,
        expected_until=expected_until,
    )
    lift.refresh_from_db()
    _obstruct(lift, actor)
    if said_by == "staff":
        audit.record(
            actor=actor, action="navigation.lift.state", subject=f"lift:{lift.code}",
            detail={"from": before, "to": state},
        )  # fmt: skip
    live.announce(TOPIC, [as_row(lift)])
    return lift


def _obstruct(lift: Lift, actor: str) -> None:
    """Out of order it stands in the way; in any other state it does not."""
    if lift.state != Lift.State.OUT:
        close_reference(source=SOURCE, reference=lift.reference, actor=actor)
        return
    open_obstruction(
        source=SOURCE,
        reference=lift.reference,
        actor=actor,
        confirmed=True,
        facts=Facts(
            kind=Obstruction.Kind.BROKEN_LIFT,
            geom=lift.geom,
            certainty=1.0,
            valid_from=lift.state_since,
            description=_sentence(lift),
        ),
    )


def _sentence(lift: Lift) -> str:
    """An obstruction carries one description for everybody: in the city's own language."""
    with translation.override(settings.LANGUAGE_CODE):
        return gettext("%(lift)s is out of order.") % {"lift": lift}
