"""A map comes in: from a file, or from elements of our own by way of a file."""

import logging
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from apps.base import clock
from apps.city.core.osm import Element
from apps.city.importers import deriving
from apps.city.importers.batches import Batches
from apps.city.importers.broken import BrokenMap
from apps.city.importers.reading import Extent, Reading, read_map
from apps.city.importers.staging import RAW, TABLES, create_staging
from apps.city.importers.writing import write_map
from apps.city.models import City, ImportRun, founded
from apps.city.services.founding import Founding, change_map, found_city, move_city

logger = logging.getLogger(__name__)
_ONE_IMPORT = 0x43495431  # advisory lock: two imports at once would replace each other's rows


@dataclass(frozen=True, slots=True)
class Watch:
    """Who wants to know how far an import is: counts of elements, then names of steps."""

    read: Callable[[Mapping[str, int]], None] = lambda counts: None
    begin: Callable[[str], None] = lambda label: None


STEP_COUNT = 1 + len(deriving.STEPS)


def import_map(
    *,
    path: Path,
    source: str = "",
    founding: Founding | None = None,
    fit: bool = False,
    watch: Watch | None = None,
) -> ImportRun:
    """Replace the map by a file's, whole or not at all; the run is kept with its counts.

    Without a city yet, `founding` founds one around the map. `fit` moves the city's bounds to the
    map.

    Raises:
        BrokenMap: the file cannot be read or does not fit; nothing changed.
    """
    run = ImportRun.objects.create(
        kind=ImportRun.Kind.OSM, source=source or path.name, started_at=clock.now()
    )
    try:
        with transaction.atomic():
            counts = _replace_map(path, founding, fit=fit, watch=watch or Watch())
    except Exception as error:
        _fail(run, error)
        raise
    _finish(run, state=ImportRun.State.DONE, counts=counts.counts, errors=_reports(counts))
    return run


def load_elements(
    *,
    elements: Iterable[Element],
    source: str,
    founding: Founding | None = None,
    watch: Watch | None = None,
) -> ImportRun:
    """Replace the map by elements of our own; they take the same way as a file's."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "elements.osm.pbf"
        write_map(elements, path)
        return import_map(path=path, source=source, founding=founding, watch=watch)


def _replace_map(path: Path, founding: Founding | None, *, fit: bool, watch: Watch) -> Reading:
    """1. clear and read, 2. place the city, 3. derive, 4. let the tiles know."""
    if not path.is_file():
        raise BrokenMap(_("%(path)s is not a file.") % {"path": path})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_IMPORT])
        watch.begin(_("Reading"))
        reading = _read(cursor, path, _country(founding), watch)
        _place_city(reading.extent, founding, fit=fit)
        for step in deriving.STEPS:
            watch.begin(_(step.label))
            _derive(cursor, step)
    change_map()
    return reading


def _read(cursor: Any, path: Path, country: str, watch: Watch) -> Reading:
    for statement in [*create_staging(), *(f"DELETE FROM {table}" for table in RAW)]:  # noqa: S608
        cursor.execute(statement)
    try:
        with Batches(cursor.cursor, TABLES) as rows:
            reading = read_map(path, rows, country=country, tell=watch.read)
    except DatabaseError as error:
        raise BrokenMap(f"{path.name}: {error}") from error
    reading.counts |= {
        table.removeprefix("stage_"): count
        for table, count in rows.counts().items()
        if table not in RAW
    }
    return reading


def _derive(cursor: Any, step: deriving.Step) -> None:
    parameters = {
        "source": deriving.SOURCE,
        "now": clock.now(),
        "street_gap_m": deriving.STREET_GAP_M,
        "shape_pixels": deriving.SHAPE_PIXELS,
    }
    for statement in step.statements:
        cursor.execute(statement, parameters)


def _country(founding: Founding | None) -> str:
    known = founded().values_list("country", flat=True).first()
    return known or (founding.country if founding else "")


def _place_city(extent: Extent, founding: Founding | None, *, fit: bool) -> None:
    """Found the city around the map, move it there, or see that the map lies in it."""
    city = founded().first()
    if city is None:
        if founding is None:
            raise BrokenMap(_("There is no city yet; say which one this is."))
        found_city(founding, box=extent.degrees)
    elif fit:
        move_city(box=extent.degrees)
    elif not _overlaps(city, extent):
        raise BrokenMap(
            _("The map lies at %(map)s, the city at %(city)s.")
            % {"map": extent.degrees, "city": city.box}
        )


def _overlaps(city: City, extent: Extent) -> bool:
    west, south, east, north = extent.degrees
    city_west, city_south, city_east, city_north = city.box
    return west <= city_east and city_west <= east and south <= city_north and city_south <= north


# ---------------------------------------------------------------- the run's own row


def _reports(reading: Reading) -> list[dict[str, str]]:
    return [
        {"place": reference, "reason": _("its rings do not close")}
        for reference in reading.unclosed
    ]


def _fail(run: ImportRun, error: Exception) -> None:
    logger.warning("import of %s failed: %s", run.source, error)
    _finish(run, state=ImportRun.State.FAILED, counts={}, errors=[{"reason": str(error)}])


def _finish(run: ImportRun, *, state: str, counts: Mapping[str, int], errors: Any) -> None:
    run.state, run.counts, run.errors = state, dict(counts), list(errors)
    run.ended_at = clock.now()
    run.save(update_fields=["state", "counts", "errors", "ended_at"])
