"""Plans and the world, held together: vehicles set off, run late, stand still."""

from dataclasses import replace
from datetime import datetime

import numpy as np
from django.db import transaction

from apps.base import clock
from apps.base.geo import project
from apps.drt.cache import Supply
from apps.drt.core.lifecycle import RUNNING, Move, State
from apps.drt.core.plans import Action, Standing
from apps.drt.models import Shift
from apps.drt.models import VehiclePlan as PlanRow
from apps.drt.services.plans import Fresh, fresh_plans, write_plan
from apps.drt.services.rescue import DISPATCHER
from apps.drt.services.steps import locked_booking, step
from apps.drt.services.supply import fresh_supply
from apps.drt.services.telling import tell_rider
from apps.drt.services.travel import DETOUR, STRAIGHT_MPS
from apps.drt.snapshot import instant, seconds, stop_place

WORTH_A_CHANGE_S = 60.0
FRESH_S = 120.0  # older positions say nothing of where a vehicle is
NEAR = 3


def follow_vehicles(service_code: str) -> int:
    """Let every vehicle under way set off when it is time, and see who is late. Returns how many
    plans changed."""
    supply = fresh_supply(service_code)
    running = PlanRow.objects.filter(
        shift__vehicle__service=supply.service, shift__duty__in=RUNNING
    ).exclude(stops=[])
    codes = list(running.order_by("pk").values_list("shift__code", flat=True))
    return sum(_follow(supply, str(code)) for code in codes)


@transaction.atomic
def _follow(supply: Supply, code: str) -> bool:
    fresh = next(iter(fresh_plans(supply, [code])), None)
    if fresh is None or not fresh.plan.stops or fresh.plan.standing is None:
        return False
    if not fresh.plan.locked:
        return _set_off(supply, fresh)
    return _keep_time(supply, fresh)


def _set_off(supply: Supply, fresh: Fresh) -> bool:
    """It is time to leave: from now on the next stop stays the next."""
    leave_at, now = fresh.row.leave_at, clock.now()
    if leave_at is not None and leave_at > now:
        return False
    plan = replace(fresh.plan, locked=1, version=fresh.plan.version + 1)
    write_plan(
        supply, fresh, plan, reason="set_off", actor=DISPATCHER,
        free_at=instant(plan.standing.free_at_s) if plan.standing else now,
    )  # fmt: skip
    _approach(fresh)
    return True


def _approach(fresh: Fresh) -> None:
    first = fresh.plan.stops[0]
    if first.action is not Action.PICKUP:
        return
    booking = locked_booking(first.subject_id)
    if booking.state == State.CONFIRMED:
        step(booking, Move.SET_OFF, actor=DISPATCHER)
        tell_rider(booking, "approaching")


def _keep_time(supply: Supply, fresh: Fresh) -> bool:
    """Under way: if it will be there more than a minute sooner or later than planned, say so."""
    place = fresh.row.stops[0]["place"]
    if fresh.row.standing_place == place:
        return False  # It is there; what is late now is the rider.
    planned = datetime.fromisoformat(fresh.row.stops[0]["at"])
    arrives = expected_at(supply, fresh, place)
    if arrives is None or abs((arrives - planned).total_seconds()) < WORTH_A_CHANGE_S:
        return False
    _shift_plan(supply, fresh, place, arrives)
    return True


def expected_at(supply: Supply, fresh: Fresh, place: str) -> datetime | None:
    """When it will be there, from where it was last seen; without a sight, not before now."""
    vehicle, now = fresh.row.shift.vehicle, clock.now()
    seen_at = vehicle.seen_at
    if vehicle.seen_geom is None or seen_at is None or (now - seen_at).total_seconds() > FRESH_S:
        seen_at = None
    if seen_at is None or vehicle.seen_geom is None:
        standing = fresh.plan.standing
        assert standing is not None
        way_s = supply.ways.times.between_s(
            standing.place, supply.ways.place(place), leaving_s=standing.free_at_s
        )
        return instant(max(seconds(now), standing.free_at_s + way_s))
    left_s = seconds_left(supply, vehicle.seen_geom.x, vehicle.seen_geom.y, place, seen_at)
    return max(now, instant(seconds(seen_at) + left_s))


def seconds_left(supply: Supply, lon: float, lat: float, place: str, at: datetime) -> float:
    """From anywhere to a place: over one of the stops nearest to where the vehicle is."""
    stops, target = supply.stops, supply.ways.place(place)
    away_m = stops.away_m(lon, lat, supply.city.srid)
    near = np.argsort(away_m, kind="stable")[:NEAR]
    factor = supply.ways.times.factor_at(seconds(at))
    onto_s = supply.ways.times.time_s[stops.place[near], target] * factor
    over_s = float((onto_s + away_m[near] * DETOUR / STRAIGHT_MPS).min())
    straight = _straight_m(supply, lon, lat, place)
    return over_s if straight is None else min(over_s, straight * DETOUR / STRAIGHT_MPS)


def _straight_m(supply: Supply, lon: float, lat: float, place: str) -> float | None:
    for stop in supply.stops.rows:
        if stop_place(stop.code) == place:
            east, north = project([lon, stop.geom.x], [lat, stop.geom.y], srid=supply.city.srid)
            return float(np.hypot(east[0] - east[1], north[0] - north[1]))
    return None


def _shift_plan(supply: Supply, fresh: Fresh, place: str, arrives: datetime) -> None:
    """Move the moment of leaving so that the plan arrives when the vehicle will."""
    plan = fresh.plan
    assert plan.standing is not None
    way_s = supply.ways.times.between_s(
        plan.standing.place, supply.ways.place(place), leaving_s=plan.standing.free_at_s
    )
    free_s = seconds(arrives) - way_s
    began_s = min(plan.standing.began_at_s, free_s)
    standing = Standing(plan.standing.place, free_s, began_s)
    moved = replace(plan, standing=standing, version=plan.version + 1)
    write_plan(
        supply, fresh, moved, reason="traffic", actor=DISPATCHER, free_at=instant(free_s),
        began_at=instant(began_s),
    )  # fmt: skip


def late_shifts(service_code: str) -> list[Shift]:
    """Shifts that should have begun and have not."""
    now = clock.now()
    rows = Shift.objects.drivable(now).filter(
        vehicle__service__code=service_code, duty="planned", starts_at__lt=now
    )
    return list(rows.select_related("vehicle", "driver"))
