"""The stops that somebody can walk to, and how far they are."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from apps.drt.cache import Supply
from apps.drt.core.asks import Alternative
from apps.drt.services.wishes import LonLat, Wish

WALK_DETOUR = 1.3  # along the streets over straight line
WALK_MPS = 1.2
STOPS_NEAR = 5


def stops_near(
    supply: Supply,
    wish: Wish,
    place: LonLat,
    zone: int,
    *,
    reach: float = 1.0,
    most: int = STOPS_NEAR,
) -> Sequence[int]:
    """The stops one would walk to, nearest first: indices into the supply's stops."""
    stops = supply.stops
    longest_m = reach * (wish.max_walk_m or supply.service.max_walk_m)
    walk_m = stops.away_m(*place, supply.city.srid) * WALK_DETOUR
    usable = (walk_m <= longest_m) & stops.in_zone[zone]
    if wish.party.wheelchair_bays:
        usable &= np.array([stop.boards_wheelchairs for stop in stops.rows], dtype=np.bool_)
    order = np.argsort(walk_m, kind="stable")
    near: list[int] = [int(at) for at in order[usable[order]]]
    step_free = [at for at in near[most:] if stops.rows[at].step_free][:1]
    return near[:most] + step_free


def out_of_reach(supply: Supply, wish: Wish) -> dict[str, Any]:
    text = _("There is no stop of this service within walking distance.")
    ends = {"origin": wish.origin, "destination": wish.destination}
    far = [name for name, place in ends.items() if not _any_stop_near(supply, wish, place)]
    return dict.fromkeys(far or ends, text)


def _any_stop_near(supply: Supply, wish: Wish, place: LonLat) -> bool:
    return any(len(stops_near(supply, wish, place, zone)) for zone in supply.zones)


def alternatives(
    supply: Supply, wish: Wish, place: LonLat, found: Sequence[int]
) -> tuple[Alternative, ...]:
    walk_m = supply.stops.away_m(*place, supply.city.srid) * WALK_DETOUR
    speed = wish.walk_mps or WALK_MPS
    return tuple(
        Alternative(
            int(supply.stops.place[at]),
            walk_m=float(walk_m[at]),
            walk_s=float(walk_m[at]) / speed,
            step_free=supply.stops.rows[at].step_free,
        )
        for at in found
    )
