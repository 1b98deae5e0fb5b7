"""What is in the way: at an instant, or changed since a version."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.base.live import Row, horizon
from apps.city.models import Obstruction, ObstructionQuerySet

TOPIC = "city.obstructions:all"


@dataclass(frozen=True, slots=True)
class Overlay:
    """Obstructions to lay over a map; ask next time with `version`. Closed ones take theirs off.

    Rows come again rather than never, in any order: of one code the greater row version counts.
    """

    rows: list[Obstruction]
    version: int


def active_at(instant: datetime) -> ObstructionQuerySet:
    """What is in the way at an instant, reported or confirmed."""
    return Obstruction.objects.active_at(instant)


def obstructions_since(version: int | None = None) -> Overlay:
    """All open obstructions, or those changed since an overlay's version, closed ones included."""
    version_now = horizon()  # before the rows, so that nothing falls in between
    rows = Obstruction.objects.open()
    if version is not None:
        rows = Obstruction.objects.changed_since(version)
    return Overlay(list(rows.order_by("pk")), version_now)


def as_row(obstruction: Obstruction) -> Row:
    """An obstruction as screens see it."""
    row: dict[str, Any] = {"id": str(obstruction.code), "version": obstruction.version}
    if not obstruction.is_open:
        return row | {"gone": True}
    return row | {
        "kind": obstruction.kind,
        "state": obstruction.state,
        "description": obstruction.description,
        "geometry": {
            "type": obstruction.geom.geom_type,
            "coordinates": obstruction.geom.coords,
        },
        "depth_m": obstruction.depth_m,
        "width_left_m": obstruction.width_left_m,
        "stops": obstruction.stops,
        "certainty": obstruction.certainty,
        "valid_from": obstruction.valid_from.isoformat(),
        "valid_to": obstruction.valid_to.isoformat() if obstruction.valid_to else None,
    }


class ObstructionSource:
    """The live topic `city.obstructions:all`."""

    def rows(self, key: str, *, since: int | None) -> Iterable[Row]:
        if key != "all":
            raise KeyError(key)
        found = Obstruction.objects.all()
        found = found.open() if since is None else found.changed_since(since)
        return [as_row(obstruction) for obstruction in found.order_by("pk")]


source = ObstructionSource()
