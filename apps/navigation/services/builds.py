"""Graph builds: the map's elements in, arrays on disk and a report out; processes pick it up."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.base import clock
from apps.base.problems import Conflict
from apps.city.core.osm import Element
from apps.city.models import ImportRun, founded
from apps.city.selectors.osm import osm_elements
from apps.navigation.core.build import EmptyArea, build_graph
from apps.navigation.core.cars import build_car_graph, open_roads
from apps.navigation.core.terrain import open_terrain
from apps.navigation.models import GraphBuild, HeightModel
from apps.navigation.services.heights import elevation_of, heights_over
from apps.navigation.services.signals import bind_signals
from apps.navigation.snapshot.disk import remove_folder
from apps.navigation.snapshot.graphs import keep_roads, keep_terrain

logger = logging.getLogger(__name__)
_ONE_BUILD = 0x4E415647  # advisory lock: a second build at the same time would be for nothing
BUILDS_KEPT = 3
STEPS = (_("Reading"), _("Walking"), _("Driving"))

Tell = Callable[[str], None]


def build_city_graph(*, tell: Tell = lambda step: None, dated_on: date | None = None) -> GraphBuild:
    """Build the graphs of the map as it is now; served from the moment this returns.

    Raises:
        Conflict: there is no map yet, or nothing on it can be walked, or a build is running.
    """
    with _alone():
        run = _newest_import()
        if run is None:
            raise Conflict(_("There is no map yet: import one first."))
        build = GraphBuild.objects.create(
            map_import=run,
            heights=_heights(),
            dated_on=dated_on or run.started_at.date(),
            started_at=clock.now(),
        )
        try:
            _fill(build, tell)
        except Exception as error:
            _end(build, state=GraphBuild.State.FAILED, error=str(error))
            remove_folder(build.code)
            if isinstance(error, EmptyArea):
                raise Conflict(_("Nothing on the map can be walked.")) from error
            raise
        _end(build, state=GraphBuild.State.READY)
    remove_old_builds()
    return build


def build_if_stale() -> GraphBuild | None:
    """Build if the map or its heights changed since the newest build; called every minute."""
    run = _newest_import()
    newest = GraphBuild.objects.exclude(state=GraphBuild.State.REMOVED).first()
    if run is None:
        return None
    if newest and (newest.map_import_id, newest.heights_id) == (run.pk, _pk(_heights())):
        return None
    try:
        return build_city_graph()
    except Conflict as problem:
        logger.info("no graph was built: %s", problem.detail)
        return None


def remove_old_builds() -> int:
    """Retention: all but the newest few leave the disk; their reports stay."""
    old = GraphBuild.objects.ready()[BUILDS_KEPT:]
    for build in old:
        remove_folder(build.code)
        build.state = GraphBuild.State.REMOVED
        build.save(update_fields=["state"])
    return len(old)


# ---------------------------------------------------------------- inside


def _newest_import() -> ImportRun | None:
    done = ImportRun.objects.filter(kind=ImportRun.Kind.OSM, state=ImportRun.State.DONE)
    return done.order_by("-pk").first()


def _heights() -> HeightModel | None:
    centre = founded().values_list("centre", flat=True).first()
    return heights_over(centre.x, centre.y) if centre else None


def _pk(row: HeightModel | None) -> int | None:
    return row.pk if row else None


class _alone:  # noqa: N801 - reads as a phrase: "with _alone()"
    """Holds the session's advisory lock. Raises Conflict where somebody else builds."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_BUILD])
            if not cursor.fetchone()[0]:
                raise Conflict(_("A build is running already."))

    def __exit__(self, *_error: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_BUILD])


def _fill(build: GraphBuild, tell: Tell) -> None:
    """1. read the elements, 2. the walking graph, 3. the driving graph."""
    tell(STEPS[0])
    with transaction.atomic():
        elements = list(osm_elements())
    tell(STEPS[1])
    _build_walking(build, elements)
    tell(STEPS[2])
    build.report["driving"] = _build_driving(build, elements)


def _build_walking(build: GraphBuild, elements: list[Element]) -> None:
    elevation = elevation_of(build.heights) if build.heights else None
    graph, report = build_graph(elements, dated_on=_number(build.dated_on), elevation=elevation)
    build.size_bytes += keep_terrain(build.code, open_terrain(graph))
    build.report = asdict(report)
    bind_signals(build=build, graph=graph)


def _build_driving(build: GraphBuild, elements: list[Element]) -> dict[str, Any]:
    try:
        graph = build_car_graph(elements, dated_on=_number(build.dated_on))
    except ValueError:  # a pedestrian quarter
        return {}
    build.size_bytes += keep_roads(build.code, open_roads(graph))
    length_m = float(graph.segments.length_m.sum())
    return {"nodes_n": graph.nodes_n, "segments_n": graph.segments_n, "length_m": length_m}


def _number(day: date | None) -> int:
    return int(day.strftime("%Y%m%d")) if day else 0


def _end(build: GraphBuild, *, state: str, error: str = "") -> None:
    build.state, build.error, build.ended_at = state, error[:2000], clock.now()
    build.save(update_fields=["state", "error", "ended_at", "report", "size_bytes"])
