"""What the operator does by hand: hold an area shut, keep a ride on its vehicle, move it to
another. A move obeys every promise, or says what it would break."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.base import clock
from apps.base.problems import Conflict, NotFound
from apps.drt.cache import Supply
from apps.drt.core.audit import driving_s
from apps.drt.core.improving import lengthened
from apps.drt.core.lifecycle import WAITING
from apps.drt.core.placing import placed
from apps.drt.core.plans import VehiclePlan
from apps.drt.core.rides import Ride
from apps.drt.models import Booking, Shift, Zone
from apps.drt.models import VehiclePlan as PlanRow
from apps.drt.selectors.screens import bookings_shown
from apps.drt.services.log import note
from apps.drt.services.plans import Fresh, commit_revision, fresh_plans
from apps.drt.services.provisioning import touch_service
from apps.drt.services.steps import locked_booking, touch
from apps.drt.services.supply import supply_of

# How much later than promised is tried, to say by how much a vehicle would be late.
LATER_MIN = (5, 10, 15, 20, 30, 45, 60)


class DoesNotFit(Conflict):
    """`why` says what the vehicle lacks, `late_min` by how much it would break a promise."""

    slug = "does-not-fit"
    title = gettext_lazy("The ride does not fit into this vehicle's plan.")


# ---------------------------------------------------------------- areas


@transaction.atomic
def suspend_zone(*, zone: Zone, because: str, actor: str, until: datetime | None = None) -> int:
    """No new rides from or to the area. Returns how many promised rides begin or end there: they
    stand until somebody calls them off."""
    zone.suspended_from, zone.suspended_until = clock.now(), until
    zone.suspended_because = because[:200]
    _save_suspension(zone)
    note("zone_suspended", service=zone.service, actor=actor, zone=zone.code, because=because)
    inside = Q(pickup_stop__geom__coveredby=zone.geom) | Q(dropoff_stop__geom__coveredby=zone.geom)
    return Booking.objects.waiting().filter(inside, service=zone.service).count()


@transaction.atomic
def resume_zone(*, zone: Zone, actor: str) -> None:
    zone.suspended_from = zone.suspended_until = None
    zone.suspended_because = ""
    _save_suspension(zone)
    note("zone_resumed", service=zone.service, actor=actor, zone=zone.code)


def _save_suspension(zone: Zone) -> None:
    zone.save(update_fields=["suspended_from", "suspended_until", "suspended_because"])
    touch_service(zone.service)


# ---------------------------------------------------------------- pin and move


class Lacking(StrEnum):
    """Why a vehicle cannot take a ride over."""

    ROOM = "room"
    TIME = "time"
    TYPE = "type"
    ABOARD = "aboard"


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a shift could take a ride. `added_s` is the driving it would add; where it does not
    fit, `lacking` says why and `late_s` by how much somebody would be late (None: hours)."""

    shift: Shift
    is_current: bool
    added_s: float | None = None
    lacking: Lacking | None = None
    late_s: int | None = None

    @property
    def sentence(self) -> str:
        if self.is_current:
            return _("Carries the ride now.")
        if self.lacking is None:
            return _("Fits; %d more minutes of driving.") % round((self.added_s or 0) / 60)
        if self.lacking == Lacking.TIME and self.late_s is not None:
            return _("Somebody would be up to %d minutes late.") % round(self.late_s / 60)
        return {
            Lacking.ROOM: _("Has no room for this party."),
            Lacking.TIME: _("Cannot be there in time."),
            Lacking.TYPE: _("Is not among the vehicles of this fare."),
            Lacking.ABOARD: _("The party is aboard its vehicle already."),
        }[self.lacking]


def fits_for(*, code: uuid.UUID | str) -> list[Fit]:
    """Every shift that could carry a ride, and why or why not. Nothing changes.

    Raises NotFound.
    """
    booking = bookings_shown().filter(code=code).first()
    if booking is None:
        raise NotFound
    supply = supply_of(code)
    plans = fresh_plans(supply, list(supply.shifts), lock=False)
    ride = _unbound(next((one.rides[str(code)] for one in plans if str(code) in one.rides), None))
    if ride is None:
        raise NotFound
    fits = [_fit(supply, one, ride) for one in plans]
    return sorted(fits, key=lambda fit: (fit.lacking is not None, fit.added_s or 0.0))


def _unbound(ride: Ride | None) -> Ride | None:
    """The ride without its pin: the operator may move what the optimiser may not."""
    return ride and replace(ride, vehicles=None)


def _fit(supply: Supply, one: Fresh, ride: Ride) -> Fit:
    shift, travel = supply.shifts[one.plan.vehicle_id], supply.ways.times
    if ride.ride_id in one.plan.ride_ids:
        return Fit(shift, is_current=True)
    if ride.is_aboard:
        return Fit(shift, is_current=False, lacking=Lacking.ABOARD)
    if not one.plan.vehicle.has_room_for(ride.party):
        return Fit(shift, is_current=False, lacking=Lacking.ROOM)
    plan = placed(one.plan, ride, one.rides, travel)
    if plan is None:
        late_s = _late_s(supply, one, ride)
        return Fit(shift, is_current=False, lacking=Lacking.TIME, late_s=late_s)
    rides = {**one.rides, ride.ride_id: ride}
    added_s = driving_s(plan, rides, travel) - driving_s(one.plan, rides, travel)
    return Fit(shift, is_current=False, added_s=added_s)


def _late_s(supply: Supply, one: Fresh, ride: Ride) -> int | None:
    """The least of the tried delays of all concerned with which the ride would fit."""
    travel = supply.ways.times
    for minutes in LATER_MIN:
        late = {
            code: lengthened(other, minutes * 60.0, travel) for code, other in one.rides.items()
        }
        if placed(one.plan, lengthened(ride, minutes * 60.0, travel), late, travel) is not None:
            return minutes * 60
    return None


@transaction.atomic
def pin_ride(*, code: uuid.UUID | str, pinned: bool, actor: str) -> None:
    """Keep a ride on its vehicle whatever the optimiser finds, or let go. Raises NotFound."""
    booking = locked_booking(code)
    if booking.pinned == pinned:
        return
    touch(booking, pinned=pinned)
    # Whoever remembers the plan must read the ride's new bond.
    PlanRow.objects.filter(shift=booking.shift).update(**PlanRow.touched())
    note(
        "pinned" if pinned else "unpinned",
        service=booking.service, actor=actor, shift=booking.shift, booking=booking,
    )  # fmt: skip


@transaction.atomic
def move_ride(*, code: uuid.UUID | str, shift_code: uuid.UUID | str, actor: str) -> None:
    """Put a waiting ride on another vehicle and keep it there; every promise holds.

    Raises NotFound, DoesNotFit, Conflict (the plans have just changed).
    """
    supply = supply_of(code)
    booking = bookings_shown().get(code=code)
    if booking.shift is None or booking.life not in WAITING:
        raise DoesNotFit(why=Lacking.ABOARD.value)
    wanted = {str(booking.shift.code), str(shift_code)}
    plans = {one.plan.vehicle_id: one for one in fresh_plans(supply, wanted)}
    old, new = plans.get(str(booking.shift.code)), plans.get(str(shift_code))
    if old is None or new is None:
        raise NotFound(_("There is no such shift."))
    ride = _unbound(old.rides.get(str(code)))
    if ride is None:
        raise Conflict(_("The plan has just changed. Please try again."))
    if old is not new:
        revised = [old.plan.without(str(code)), _taken_over(supply, new, ride)]
        if not commit_revision(supply, revised, reason="moved", actor=actor):
            raise Conflict(_("The plan has just changed. Please try again."))
    pin_ride(code=code, pinned=True, actor=actor)


def _taken_over(supply: Supply, new: Fresh, ride: Ride) -> VehiclePlan:
    """Raises DoesNotFit with the reason."""
    plan = placed(new.plan, ride, new.rides, supply.ways.times)
    if plan is None:
        fit = _fit(supply, new, ride)
        raise DoesNotFit(
            fit.sentence,
            why=fit.lacking.value if fit.lacking else Lacking.TIME.value,
            late_s=fit.late_s,
        )
    return plan
