"""`/api/v1/drt/driver/…`: a driver's shift, what happens on the road, and where the vehicle is."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import Person
from apps.accounts.selectors.persons import person_of
from apps.base import clock
from apps.drt.models import Shift, VehiclePlan
from apps.drt.rest.riders import CODE, KEY, given, key_of
from apps.drt.rest.serializers import (
    BrokenDownSerializer,
    DriverActedSerializer,
    DriverActSerializer,
    DriverDutySerializer,
    DriverShiftSerializer,
    PlanAcknowledgedSerializer,
    PlanSeenSerializer,
    VehicleFixesSerializer,
    VehicleFixesStoredSerializer,
    stop_shown,
)
from apps.drt.selectors.screens import plan_row, plans_shown
from apps.drt.services.driving import Fix, report_act, report_positions
from apps.drt.services.shifts import (
    acknowledge_plan,
    end_shift,
    own_shift,
    pause_shift,
    report_breakdown,
    riders_of,
    shifts_of,
    start_shift,
)


def shift_shown(plan: VehiclePlan) -> dict[str, Any]:
    shift = plan.shift
    return {
        **plan_row(plan),
        "acknowledged_version": plan.acknowledged_version,
        "code": shift.code,
        "plate": shift.vehicle.plate,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "passengers": [
            {
                "booking": one.code,
                "state": one.state,
                "name": one.person.display_name,
                "seats": one.seats,
                "wheelchair_bays": one.wheelchair_bays,
                "pushchairs": one.pushchairs,
                "luggage": one.luggage,
                "note": one.note,
                "pickup": stop_shown(one.pickup_stop),
                "dropoff": stop_shown(one.dropoff_stop),
                "fare": one.fare,
                "currency": one.currency,
            }
            for one in riders_of(plan)
        ],
    }


class DriverView(GenericAPIView[Shift]):
    """A door for whoever has a driver's row; others get 403 for every shift."""

    serializer_class = DriverShiftSerializer
    permission_classes = [IsAuthenticated]
    queryset = Shift.objects.none()

    @property
    def person(self) -> Person:
        return person_of(self.request.user)


class ShiftListView(DriverView):
    @extend_schema(
        operation_id="drt_driver_shifts", filters=False, responses=DriverShiftSerializer(many=True)
    )
    def get(self, _request: Request) -> Response:
        """The driver's shifts that are not over, soonest first."""
        shown = [shift_shown(plan) for plan in shifts_of(self.person, clock.now())[:20]]
        return Response(DriverShiftSerializer(shown, many=True).data)


class ShiftView(DriverView):
    @extend_schema(operation_id="drt_driver_shift", parameters=[CODE])
    def get(self, _request: Request, code: str) -> Response:
        """One shift, with the plan as it is now."""
        shift = own_shift(self.person, code)
        return Response(DriverShiftSerializer(shift_shown(plans_shown().get(shift=shift))).data)


class StartView(DriverView):
    @extend_schema(
        operation_id="drt_driver_start",
        parameters=[CODE, KEY],
        request=None,
        responses=DriverDutySerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """The vehicle is on the road (again, after a pause)."""
        return Response(start_shift(person=self.person, code=code, key=key_of(request)))


class PauseView(DriverView):
    @extend_schema(
        operation_id="drt_driver_pause",
        parameters=[CODE, KEY],
        request=None,
        responses=DriverDutySerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """A short halt."""
        return Response(pause_shift(person=self.person, code=code, key=key_of(request)))


class EndView(DriverView):
    @extend_schema(
        operation_id="drt_driver_end",
        parameters=[CODE, KEY],
        request=None,
        responses=DriverDutySerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """The shift is over; refused while somebody counts on the vehicle."""
        return Response(end_shift(person=self.person, code=code, key=key_of(request)))


class AcknowledgeView(DriverView):
    @extend_schema(
        operation_id="drt_driver_acknowledge",
        parameters=[CODE],
        request=PlanSeenSerializer,
        responses=PlanAcknowledgedSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """The driver has seen this version of the plan."""
        data = given(PlanSeenSerializer(data=request.data))
        return Response(acknowledge_plan(person=self.person, code=code, **data))


class ActView(DriverView):
    @extend_schema(
        operation_id="drt_driver_act",
        parameters=[CODE, KEY],
        request=DriverActSerializer,
        responses=DriverActedSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """Arrived, boarded, no-show, alighted, or a break begun; sent late from a queue, too."""
        data = given(DriverActSerializer(data=request.data))
        done = report_act(person=self.person, shift=code, key=key_of(request), **data)
        return Response(done)


class PositionsView(DriverView):
    @extend_schema(
        operation_id="drt_driver_positions",
        parameters=[CODE],
        request=VehicleFixesSerializer,
        responses=VehicleFixesStoredSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """Where the vehicle was, as a batch; what came before is passed over."""
        data = given(VehicleFixesSerializer(data=request.data))
        fixes = [Fix(**fix) for fix in data["positions"]]
        return Response(report_positions(person=self.person, shift=code, fixes=fixes))


class BreakdownView(DriverView):
    @extend_schema(
        operation_id="drt_driver_breakdown",
        parameters=[CODE, KEY],
        request=None,
        responses=BrokenDownSerializer,
    )
    def post(self, request: Request, code: str) -> Response:
        """The vehicle has a fault; its riders get another one."""
        done = report_breakdown(person=self.person, code=code, key=key_of(request))
        return Response(BrokenDownSerializer(done).data)
