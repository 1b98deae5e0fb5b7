"""The dispatch board: every vehicle of a service on a map and on a timeline, as it is now."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Prefetch

from apps.base import names
from apps.drt.core.lifecycle import State
from apps.drt.models import Booking, Service, Shift, StopVisit

BEHIND, AHEAD = timedelta(hours=1), timedelta(hours=5)
TROUBLED_S = 120
Row = dict[str, Any]


def board_of(service: Service, *, now: datetime, language: str) -> Row:
    """Rows of the board between an hour ago and five hours ahead."""
    first, last = now - BEHIND, now + AHEAD
    shifts = list(_shifts(service, first, last))
    stops = {f"stop:{stop.code}": stop for stop in service.stops.all()}
    said = {place: names.pick(stop.names, language) or stop.code for place, stop in stops.items()}
    seeking = Booking.objects.filter(service=service, state=State.SEEKING)
    return {
        "now": now,
        "from": first,
        "until": last,
        "vehicles": [_vehicle(shift, said) for shift in shifts],
        "seeking": [_waiting(row, said) for row in seeking.select_related("pickup_stop")],
        "stops": [
            {"lon": stop.geom.x, "lat": stop.geom.y, "name": said[place]}
            for place, stop in stops.items()
            if stop.retired_at is None
        ],
    }


def _shifts(service: Service, first: datetime, last: datetime) -> Iterable[Shift]:
    carried = Prefetch("bookings", queryset=Booking.objects.open(), to_attr="carried")
    visits = Prefetch(
        "visits", queryset=StopVisit.objects.filter(done_at__gte=first), to_attr="made"
    )
    return (
        Shift.objects.filter(vehicle__service=service, starts_at__lt=last, ends_at__gt=first)
        .exclude(duty="cancelled")
        .select_related("vehicle", "driver__person", "plan")
        .prefetch_related(carried, visits, "breaks")
        .order_by("vehicle__code", "starts_at")
    )


def _vehicle(shift: Shift, said: Mapping[str, str]) -> Row:
    vehicle, plan = shift.vehicle, shift.plan
    bookings = {str(one.code): one for one in getattr(shift, "carried")}  # noqa: B009 (prefetched)
    aboard = [one for one in bookings.values() if one.state == State.ONBOARD]
    row: Row = {
        "shift": shift.pk,
        "code": vehicle.code,
        "label": vehicle.label or vehicle.code,
        "driver": str(shift.driver.person) if shift.driver else "",
        "duty": shift.duty,
        "duty_name": shift.get_duty_display(),
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "riders": sum(one.seats + one.wheelchair_bays for one in aboard),
        "late_s": plan.late_s,
        "troubled": plan.late_s >= TROUBLED_S or shift.duty == "broken",
        "unseen": plan.acknowledged_version < plan.version,
        "calls": _calls(shift, bookings, said),
    }
    if vehicle.seen_geom is not None:
        row |= {
            "lon": vehicle.seen_geom.x,
            "lat": vehicle.seen_geom.y,
            "bearing_deg": vehicle.bearing_deg,
            "seen_at": vehicle.seen_at,
        }
    return row


def _calls(shift: Shift, bookings: Mapping[str, Booking], said: Mapping[str, str]) -> list[Row]:
    """What was done and what is planned, in the order of time."""
    made = [
        {
            "at": visit.done_at,
            "lasts_s": 30,
            "act": visit.act,
            "place": said.get(visit.place, visit.place),
            "booking": visit.booking_id,
            "done": True,
        }
        for visit in getattr(shift, "made")  # noqa: B009 (prefetched)
    ]
    ahead = []
    for call in shift.plan.stops:
        booking = bookings.get(call["id"])
        ahead.append(
            {
                "at": call["at"],
                "lasts_s": _lasts_s(call, booking, shift),
                "act": call["act"],
                "place": said.get(call["place"], call["place"]),
                "booking": booking.pk if booking else None,
                "pinned": booking.pinned if booking else False,
                "wheelchair": bool(booking and booking.wheelchair_bays),
                "late_s": booking.late_s if booking else 0,
                "done": False,
            }
        )
    return made + ahead


def _lasts_s(call: Mapping[str, str], booking: Booking | None, shift: Shift) -> int:
    if booking is not None:
        return booking.board_s if call["act"] == "pickup" else booking.alight_s
    rest = next((one for one in shift.breaks.all() if call["id"] == f"break:{one.pk}"), None)
    return rest.lasts_s if rest else 0


def _waiting(booking: Booking, said: Mapping[str, str]) -> Row:
    return {
        "booking": booking.pk,
        "code": str(booking.code)[:8],
        "place": said.get(f"stop:{booking.pickup_stop.code}", booking.pickup_stop.code),
        "until": booking.pickup_latest_at,
    }
