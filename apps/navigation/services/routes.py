"""Routes are found and kept for a day, so that they can be walked, explained and drawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.core.mobility import (
    ATTRIBUTES,
    BASE_PROFILES,
    InvalidLimit,
    MobilityProfile,
    ProfileName,
    personal,
)
from apps.accounts.models import Person
from apps.accounts.selectors.mobility import mobility_of
from apps.accounts.services.mobility import sentence_about
from apps.base import clock
from apps.base.problems import Invalid
from apps.navigation.models import GraphBuild, Route
from apps.navigation.selectors.routes import find_routes
from apps.navigation.snapshot.ways import leg_document, profile_document

ROUTES_KEPT = timedelta(hours=24)
FARTHEST_AHEAD = timedelta(days=60)
LonLat = tuple[float, float]


def choose_profile(
    *,
    person: Person | None,
    base: str | None,
    limits: Mapping[str, Any] | None = None,
    strict: bool = False,
) -> MobilityProfile:
    """The profile asked for, with limits of one's own; else the person's; else on foot.

    `strict` takes nothing on trust: what nobody has described stops the person.

    Raises:
        Invalid: no such profile, or a limit out of its bounds; names the field.
    """
    own = mobility_of(person) if person is not None and base is None else None
    own = own or BASE_PROFILES["foot"]
    given = dict(limits or {})
    if strict:
        given["must_know"] = list(ATTRIBUTES)
    try:
        if base is not None:
            return personal(cast("ProfileName", base), given)
        kept = profile_document(own)
        return personal(kept.pop("base"), kept | given)
    except InvalidLimit as error:
        field = "profile" if error.field == "base" else f"limits.{error.field}"
        raise Invalid(errors={field: sentence_about(error)}) from error


@transaction.atomic
def plan_routes(
    *,
    profile: MobilityProfile,
    stops: Sequence[LonLat],
    depart_at: datetime | None = None,
    alternatives: int = 2,
    person: Person | None = None,
) -> list[Route]:
    """Find the best route and others, and keep them. Raises as `find_routes`, and Invalid."""
    _check_departure(depart_at)
    found = find_routes(profile=profile, stops=stops, at=depart_at, alternatives=alternatives)
    build = GraphBuild.objects.get(code=found.served.code)
    rows = [
        Route(
            person=person,
            build=build,
            rank=rank,
            profile=profile_document(profile),
            stops=[list(stop) for stop in stops],
            legs=[leg_document(leg) for leg in legs],
            depart_at=found.depart_at,
            created_at=clock.now(),
        )
        for rank, legs in enumerate(found.routes)
    ]
    return Route.objects.bulk_create(rows)


def _check_departure(depart_at: datetime | None) -> None:
    now = clock.now()
    if depart_at is None or now - timedelta(days=1) <= depart_at <= now + FARTHEST_AHEAD:
        return
    raise Invalid(errors={"depart_at": _("Choose a time from today to 60 days ahead.")})


def forget_old_routes() -> int:
    """Retention: routes and the sessions on them go after a day."""
    removed, _each = Route.objects.filter(created_at__lt=clock.now() - ROUTES_KEPT).delete()
    return removed
