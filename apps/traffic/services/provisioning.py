"""Junctions and their signal groups into rows. The same code again brings them up to date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib.gis.geos import LineString, Point
from django.db import transaction

from apps.base.problems import Invalid
from apps.city.models import metres_of, the_city
from apps.traffic.core.layout import Unsafe
from apps.traffic.models import Junction, SignalGroup
from apps.traffic.snapshot import load_plan
from devices.models import SignalController


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPlan:
    """`detector` is the controller's number of the detector `detector_m` before the line."""

    number: int
    names: Mapping[str, str]
    stream: SignalGroup.Stream
    phase: int
    min_green_s: float
    clearance_s: float
    red_clear_s: float = 1.0
    max_wait_s: float = 120.0
    detector: int | None = None
    detector_m: float = 100.0
    crossing: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JunctionPlan:
    code: str
    names: Mapping[str, str]
    lon: float
    lat: float
    spat_id: int
    groups: tuple[GroupPlan, ...]
    stages: Sequence[Sequence[int]]
    conflicts: Sequence[tuple[int, int]] = field(default=())


@transaction.atomic
def provision_junction(
    *, plan: JunctionPlan, controller: SignalController | None = None
) -> Junction:
    """Raises Invalid for groups and stages that are no safe junction."""
    place = Point(plan.lon, plan.lat, srid=4326)
    junction, _created = Junction.objects.update_or_create(
        code=plan.code,
        defaults={
            "names": dict(plan.names),
            "geom": place,
            "geom_m": metres_of(place, srid=the_city().srid),
            "controller": controller,
            "spat_id": plan.spat_id,
            "stages": [list(stage) for stage in plan.stages],
            "conflicts": [list(pair) for pair in plan.conflicts],
        },
    )
    for group in plan.groups:
        SignalGroup.objects.update_or_create(
            junction=junction, number=group.number, defaults=_columns(group)
        )
    junction.groups.exclude(number__in=[group.number for group in plan.groups]).delete()
    try:
        load_plan(junction)
    except Unsafe as error:
        raise Invalid(errors={"stages": str(error)}) from error
    return junction


def _columns(group: GroupPlan) -> dict[str, object]:
    return {
        "names": dict(group.names),
        "stream": group.stream,
        "phase": group.phase,
        "min_green_s": group.min_green_s,
        "clearance_s": group.clearance_s,
        "red_clear_s": group.red_clear_s,
        "max_wait_s": group.max_wait_s,
        "detector": group.detector,
        "detector_m": group.detector_m,
        "crossing": LineString(list(group.crossing), srid=4326) if group.crossing else None,
    }
