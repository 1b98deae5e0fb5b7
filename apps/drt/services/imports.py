"""A city's own list of virtual stops or zones, as CSV or GeoJSON, row by row with what is wrong.

Columns or properties: `reference` (the code), `name`, `name:ko`, `name:en` …; for stops `lat` and
`lon` (or a Point), `step_free`, `boards_wheelchairs`, `sheltered` (yes | no), `kerb_side`,
`heading_deg`; for zones a Polygon or MultiPolygon.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.gis.gdal import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.base.lists import BadRow, RowError, cells_of, number, raw_rows
from apps.base.names import from_tags
from apps.base.problems import Problem
from apps.drt.models import Service, VirtualStop
from apps.drt.services.provisioning import StopPlan, ZonePlan, provision_stop, provision_zone
from apps.drt.services.travel import rebuild_travel_table

Row = Mapping[str, Any]


@dataclass
class Imported:
    taken: int = 0
    errors: list[RowError] = field(default_factory=list)


def import_stops(*, service: Service, path: Path) -> Imported:
    """Take in what can be, and ask for the ways between all stops. Raises UnreadableList."""
    done = _import(path, lambda raw: provision_stop(service, _stop(raw)))
    if done.taken:
        rebuild_travel_table(service=service)
    return done


def import_zones(*, service: Service, path: Path) -> Imported:
    """Raises UnreadableList."""
    return _import(path, lambda raw: provision_zone(service, _zone(raw)))


def _import(path: Path, take: Callable[[Row], object]) -> Imported:
    done = Imported()
    for at, raw in enumerate(raw_rows(path), start=1):
        try:
            with transaction.atomic():
                take(raw)
            done.taken += 1
        except BadRow as error:
            done.errors.append(RowError(at, str(error)))
        except Problem as problem:
            texts = " ".join(str(text) for text in problem.errors.values())
            done.errors.append(RowError(at, texts or str(problem.detail or problem.title)))
    return done


def _named(raw: Row) -> tuple[dict[str, str], str, dict[str, str]]:
    """The cells, the code and the names."""
    cells = cells_of(raw)
    names = from_tags(cells)
    code = slugify(cells.get("reference", ""))[:60]
    if not code:
        raise BadRow(_("The reference is missing."))
    if not names:
        raise BadRow(_("The name is missing."))
    return cells, code, names


def _stop(raw: Row) -> StopPlan:
    cells, code, names = _named(raw)
    if raw.get("geometry"):
        point = _geometry(raw["geometry"], "Point").centroid
        cells |= {"lon": str(point.x), "lat": str(point.y)}
    if not (cells.get("lat") and cells.get("lon")):
        raise BadRow(_("lat and lon are missing."))
    heading = cells.get("heading_deg")
    return StopPlan(
        code=code,
        names=names,
        lon=number(cells, "lon", 0, -180, 180),
        lat=number(cells, "lat", 0, -90, 90),
        kerb_side=cells.get("kerb_side", VirtualStop.KerbSide.RIGHT),
        heading_deg=number(cells, "heading_deg", 0, 0, 360) if heading else None,
        step_free=_is_yes(cells, "step_free"),
        boards_wheelchairs=_is_yes(cells, "boards_wheelchairs"),
        sheltered=_is_yes(cells, "sheltered"),
    )


def _zone(raw: Row) -> ZonePlan:
    _cells, code, names = _named(raw)
    return ZonePlan(code=code, names=names, geom=_geometry(raw.get("geometry"), "Polygon"))


def _is_yes(cells: Mapping[str, str], name: str) -> bool:
    written = cells.get(name, "no").lower()
    if written not in ("yes", "no", "true", "false", "1", "0"):
        raise BadRow(_("%s is yes or no.") % name)
    return written in ("yes", "true", "1")


def _geometry(value: Any, kind: str) -> GEOSGeometry:
    try:
        geom = GEOSGeometry(json.dumps(value), srid=4326)
    except (GEOSException, GDALException, ValueError, TypeError) as error:
        raise BadRow(_("The geometry cannot be read.")) from error
    if not geom.geom_type.endswith(kind) or geom.empty:
        raise BadRow(_("The geometry must be a %s.") % kind)
    return geom
