"""A flooded underpass is in the way: a fact of the city that routes, rides and parking read."""

from collections.abc import Sequence

from apps.city.models import Obstruction
from apps.city.services.obstructions import Facts, close_obstruction, open_obstruction
from apps.hazards.models import Flag, Station, Underpass
from apps.hazards.services.sights import Seen

SOURCE = "hazards"
STOPS = ("foot", "wheels", "bicycle", "car", "bus")


def close_underpasses(seen: Sequence[Seen]) -> None:
    """Open an obstruction where it is too deep to pass, close it once it is good and dry again."""
    depths = {one.station.pk: one for one in seen if one.station.kind == Station.Kind.DEPTH}
    for underpass in Underpass.objects.filter(station__in=depths):
        assert underpass.station_id is not None
        _follow(underpass, depths[underpass.station_id])


def _follow(underpass: Underpass, seen: Seen) -> None:
    known = Obstruction.objects.open().filter(source=SOURCE, reference=underpass.code).first()
    if seen.verdict and seen.value >= underpass.closed_from_m:
        if known and known.depth_m and abs(known.depth_m - seen.value) < 0.05:
            return
        sure = seen.verdict.may_alert
        facts = Facts(
            kind=Obstruction.Kind.FLOOD,
            geom=underpass.geom,
            depth_m=seen.value,
            stops=STOPS,
            certainty=0.95 if sure else 0.4,
            valid_from=seen.at,
            description=str(underpass),
        )
        open_obstruction(
            source=SOURCE, reference=underpass.code, facts=facts, actor=SOURCE, confirmed=sure
        )
    elif known and seen.flag == Flag.GOOD and seen.value < underpass.closed_from_m / 2:
        close_obstruction(code=known.code, actor=SOURCE)
