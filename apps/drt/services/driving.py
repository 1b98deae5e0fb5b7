"""What drivers report from the road, perhaps late and from a queue: arrived, boarded, no-show,
alighted, a break begun, and where they are."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock, live
from apps.base.commands import Json, run_once
from apps.base.geo import WGS84
from apps.base.problems import Conflict, Invalid
from apps.drt.cache import Supply
from apps.drt.core.lifecycle import RUNNING, Duty, Move, State
from apps.drt.core.plans import Action, Standing, Stop
from apps.drt.models import (
    Booking,
    Shift,
    ShiftBreak,
    StopVisit,
    Vehicle,
    VehiclePlan,
    VehiclePosition,
)
from apps.drt.selectors.screens import (
    FOLLOWED,
    booking_row,
    booking_topic,
    bookings_shown,
    vehicle_now,
)
from apps.drt.services.log import actor_of
from apps.drt.services.plans import Fresh, write_plan
from apps.drt.services.provisioning import touch_service
from apps.drt.services.shifts import WrongDuty, fresh_of, own_shift
from apps.drt.services.steps import WrongState, locked_booking, step
from apps.drt.services.supply import fresh_supply
from apps.drt.services.telling import tell_rider
from apps.drt.snapshot import seconds
from apps.traffic.services.speeds import Probe, note_probes

ACTS = ("arrived", "boarded", "no_show", "alighted", "break")
CLOCKS_DIFFER = timedelta(minutes=2)
LONGEST_QUEUE = timedelta(hours=12)
MOST_POSITIONS = 1000
UNDER_WAY_MPS = 1.0


class NotNext(Conflict):
    """`next`: the booking (or break) whose turn it is."""

    slug = "not-the-next-stop"
    title = _("Another stop comes first.")


class TooEarly(Conflict):
    """`wait_until`: when the driver may go on without the rider."""

    slug = "ride-too-early"
    title = _("Please wait for the rider a little longer.")


@dataclass(frozen=True, slots=True)
class Fix:
    """One position; `recorded_at` by the device's clock."""

    lon: float
    lat: float
    recorded_at: datetime
    bearing_deg: float | None = None
    speed_mps: float | None = None


def report_act(
    *,
    person: Person,
    shift: uuid.UUID | str,
    subject: str,
    act: str,
    at: datetime | None = None,
    key: str | None = None,
) -> Json:
    """Something happened at a stop. `subject` is the booking's code or the break's id.

    Returns {"version"}: the plan's. Reported twice it happens once.

    Raises:
        NotFound, NotYours, WrongDuty, NotNext, TooEarly, WrongState, Invalid.
    """
    row, by = own_shift(person, shift), actor_of(person)
    when = _credible(at)

    def do() -> Json:
        supply = fresh_supply(row.vehicle.service.code)
        fresh = fresh_of(supply, row)
        if Duty(fresh.row.shift.duty) not in RUNNING:
            raise WrongDuty(duty=fresh.row.shift.duty)
        if not _is_done(fresh, subject, act):
            _Act(supply, fresh, subject, when, by).carry_out(act)
        return {"version": fresh.row.version}

    request = {"shift": str(row.code), "subject": subject, "act": act}
    return run_once(key=key, actor=by, command="drt.act", request=request, do=do)


def _credible(at: datetime | None) -> datetime:
    """Raises Invalid for a time that no clock and no queue explains."""
    now = clock.now()
    if at is None:
        return now
    if not now - LONGEST_QUEUE <= at <= now + CLOCKS_DIFFER:
        raise Invalid(errors={"at": _("This time cannot be.")})
    return min(at, now)


def _is_done(fresh: Fresh, subject: str, act: str) -> bool:
    """Whether this very thing was reported before."""
    if act not in ACTS:
        raise Invalid(errors={"act": ", ".join(ACTS)})
    done = {"boarded": "pickup", "alighted": "dropoff", "no_show": "no_show"}.get(act)
    if act == "break" or done is None:
        return False
    visits = StopVisit.objects.filter(shift=fresh.row.shift, act=done)
    return bool(visits.filter(booking__code=_code(subject)).exists())


def _code(subject: str) -> uuid.UUID:
    try:
        return uuid.UUID(subject)
    except ValueError as error:
        raise Invalid(errors={"booking": _("This is no booking's code.")}) from error


@dataclass
class _Act:
    """One report, with the plan it changes locked."""

    supply: Supply
    fresh: Fresh
    subject: str
    at: datetime
    by: str

    def carry_out(self, act: str) -> None:
        if act == "break":
            self._begin_break()
        else:
            booking = self._booking()
            getattr(self, f"_{act}")(booking)

    def _booking(self) -> Booking:
        code = str(_code(self.subject))
        if code not in self.fresh.bookings:
            raise WrongState(_("This ride is not on this vehicle."))
        return locked_booking(code)

    def _arrived(self, booking: Booking) -> None:
        """The vehicle is there for everybody who boards here."""
        stop, place = self._next(Action.PICKUP)
        here = self._stops_at(place)
        self._write(self.fresh.plan.stops, place, locked=len(here), reason="arrived")
        for waiting in [one for one in here if one.action is Action.PICKUP]:
            other = booking if waiting == stop else locked_booking(waiting.subject_id)
            if other.state in (State.CONFIRMED, State.APPROACHING):
                step(other, Move.ARRIVE, actor=self.by, arrived_at=self.at)
                tell_rider(other, "arrived")

    def _boarded(self, booking: Booking) -> None:
        stop, place = self._next(Action.PICKUP)
        self._visit(StopVisit.Act.PICKUP, place, booking)
        step(booking, Move.BOARD, actor=self.by, boarded_at=self.at)
        self._aboard(booking)
        self._go_on(stop, place, "boarded")

    def _alighted(self, booking: Booking) -> None:
        stop, place = self._next(Action.DROPOFF)
        self._visit(StopVisit.Act.DROPOFF, place, booking)
        step(booking, Move.ALIGHT, actor=self.by, alighted_at=self.at)
        self._go_on(stop, place, "alighted")

    def _no_show(self, booking: Booking) -> None:
        """Not before the rider had the time they were promised, and some patience."""
        _stop, place = self._next(Action.PICKUP)
        if booking.arrived_at is None:
            raise WrongState(state=booking.state)
        patience = timedelta(seconds=booking.service.no_show_wait_s)
        until = max(booking.arrived_at, booking.pickup_earliest_at) + patience
        if self.at < until:
            raise TooEarly(wait_until=until.isoformat())
        self._visit(StopVisit.Act.NO_SHOW, place, booking)
        step(booking, Move.MISS, actor=self.by)
        tell_rider(booking, "no_show")
        left = tuple(one for one in self.fresh.plan.stops if one.subject_id != self.subject)
        self._write(left, place, locked=0, reason="no_show")

    def _begin_break(self) -> None:
        stop, place = self._next(Action.BREAK)
        pk = int(self.subject.removeprefix("break:"))
        rest = ShiftBreak.objects.get(pk=pk)
        ShiftBreak.objects.filter(pk=pk, begun_at=None).update(begun_at=self.at)
        touch_service(self.fresh.row.shift.vehicle.service)  # nobody plans this break again
        self._visit(StopVisit.Act.BREAK, place, None)
        left = tuple(one for one in self.fresh.plan.stops if one != stop)
        self.at += timedelta(seconds=rest.lasts_s)
        self._write(left, place, locked=0, reason="break")

    def _next(self, action: Action) -> tuple[Stop, str]:
        """The stop meant, if only stops at the same place stand before it. Raises NotNext."""
        wanted = Stop(self.subject, action)
        rows = self.fresh.row.stops
        at = next((i for i, one in enumerate(self.fresh.plan.stops) if one == wanted), None)
        if at is None:
            raise WrongState(_("This is not in the vehicle's plan."))
        place: str = rows[at]["place"]
        if any(row["place"] != place for row in rows[:at]):
            raise NotNext(next=rows[0]["id"])
        return wanted, place

    def _stops_at(self, place: str) -> list[Stop]:
        """The leading stops at a place."""
        pairs = zip(self.fresh.row.stops, self.fresh.plan.stops, strict=True)
        return [stop for _row, stop in takewhile(lambda pair: pair[0]["place"] == place, pairs)]

    def _aboard(self, booking: Booking) -> None:
        ride = self.fresh.rides[self.subject]
        self.fresh.rides[self.subject] = replace(ride, boarded_at_s=seconds(self.at))
        self.fresh.bookings[self.subject] = booking

    def _go_on(self, done: Stop, place: str, reason: str) -> None:
        here = self._stops_at(place)
        left = tuple(one for one in self.fresh.plan.stops if one != done)
        self._write(left, place, locked=sum(one != done for one in here), reason=reason)

    def _write(self, stops: tuple[Stop, ...], place: str, *, locked: int, reason: str) -> None:
        """The plan with the vehicle standing here since then."""
        plan, row = self.fresh.plan, self.fresh.row
        free_s = max(seconds(self.at), seconds(clock.now()))
        began = row.began_at or self.at
        plan = replace(
            plan,
            stops=stops,
            locked=min(locked, len(stops)),
            standing=Standing(self.supply.ways.place(place), free_s, min(seconds(began), free_s)),
            version=plan.version + 1,
        )
        write_plan(
            self.supply, self.fresh, plan, reason=reason, actor=self.by, standing_place=place,
            free_at=self.at, began_at=began,
        )  # fmt: skip

    def _visit(self, act: str, place: str, booking: Booking | None) -> None:
        planned = next(
            (row["at"] for row in self.fresh.row.stops if row["id"] == self.subject), None
        )
        StopVisit.objects.create(
            shift=self.fresh.row.shift,
            booking=booking,
            act=act,
            place=place,
            planned_at=planned,
            arrived_at=booking.arrived_at if booking else None,
            done_at=self.at,
        )


# ---------------------------------------------------------------- positions


def report_positions(*, person: Person, shift: uuid.UUID | str, fixes: Sequence[Fix]) -> Json:
    """A batch from the vehicle, newest last or in any order; what came before is passed over.

    Returns {"stored", "passed_over"}. Raises NotFound, NotYours, WrongDuty, Invalid.
    """
    row = own_shift(person, shift)
    if Duty(row.duty) not in RUNNING:
        raise WrongDuty(duty=row.duty)
    if not 1 <= len(fixes) <= MOST_POSITIONS:
        raise Invalid(errors={"positions": _("1 to %d at once.") % MOST_POSITIONS})
    for fix in fixes:
        _credible(fix.recorded_at)
    with transaction.atomic():
        # Before vehicle and bookings, as everywhere: whoever writes the plan writes these, too.
        VehiclePlan.objects.select_for_update().get(shift=row)
        stored = _store(row, fixes)
        _see(row, max(fixes, key=lambda fix: fix.recorded_at))
        note_probes(probes=list(_moving(fixes)))
    return {"stored": stored, "passed_over": len(fixes) - stored}


def _store(shift: Shift, fixes: Sequence[Fix]) -> int:
    before = VehiclePosition.objects.filter(vehicle=shift.vehicle)
    moments = [fix.recorded_at for fix in fixes]
    known = before.filter(recorded_at__in=moments).count()
    now = clock.now()
    VehiclePosition.objects.bulk_create(
        (
            VehiclePosition(
                vehicle=shift.vehicle, shift=shift, recorded_at=fix.recorded_at, received_at=now,
                geom=Point(fix.lon, fix.lat, srid=WGS84), bearing_deg=fix.bearing_deg,
                speed_mps=fix.speed_mps,
            )
            for fix in fixes
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    return len(set(moments)) - known


def _moving(fixes: Sequence[Fix]) -> Iterator[Probe]:
    """What vehicles under way tell of the roads; one that stands may wait for its riders."""
    for fix in fixes:
        if fix.speed_mps is not None and fix.speed_mps >= UNDER_WAY_MPS:
            yield Probe(fix.lon, fix.lat, fix.recorded_at, fix.speed_mps, fix.bearing_deg)


def _see(shift: Shift, fix: Fix) -> None:
    """Bring the vehicle's last position up to date, if this one is newer, and tell screens."""
    older = Vehicle.objects.filter(pk=shift.vehicle_id).exclude(seen_at__gte=fix.recorded_at)
    moved = older.update(
        **Vehicle.touched(),
        seen_geom=Point(fix.lon, fix.lat, srid=WGS84),
        seen_at=fix.recorded_at,
        bearing_deg=fix.bearing_deg,
        speed_mps=fix.speed_mps,
    )
    if not moved:
        return
    topic, row = vehicle_now(shift.vehicle_id)
    live.announce(topic, [row])
    for booking in _followers(shift):
        live.announce(booking_topic(booking), [booking_row(booking)])


def _followers(shift: Shift) -> list[Booking]:
    """The rides whose riders watch this vehicle; a new position is a new version of their row."""
    rows = Booking.objects.filter(shift=shift, state__in=FOLLOWED)
    rows.update(**Booking.touched())
    return list(bookings_shown().filter(shift=shift, state__in=FOLLOWED))
