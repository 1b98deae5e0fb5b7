"""Lifts and escalators as screens see them."""

from collections.abc import Iterable

from apps.base.live import Row
from apps.navigation.models import Lift

TOPIC = "navigation.lifts:all"


def as_row(lift: Lift) -> Row:
    return {
        "id": lift.code,
        "version": lift.version,
        "names": lift.names,
        "kind": lift.kind,
        "lon": lift.geom.x,
        "lat": lift.geom.y,
        "state": lift.state,
        "since": lift.state_since.isoformat() if lift.state_since else None,
        "expected_until": lift.expected_until.isoformat() if lift.expected_until else None,
    }


class LiftSource:
    """The live topic `navigation.lifts:all`."""

    def rows(self, key: str, *, since: int | None) -> Iterable[Row]:
        if key != "all":
            raise KeyError(key)
        found = Lift.objects.all() if since is None else Lift.objects.filter(changed_in__gte=since)
        return [as_row(lift) for lift in found]


source = LiftSource()
