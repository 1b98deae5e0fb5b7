"""The forms of quotes, rides, shifts and what drivers report."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.drt.models import Booking
from apps.drt.selectors.screens import position_of
from apps.drt.services.driving import ACTS, MOST_POSITIONS


class RideEndSerializer(serializers.Serializer[Any]):
    lon = serializers.FloatField(min_value=-180, max_value=180)
    lat = serializers.FloatField(min_value=-90, max_value=90)
    name = serializers.CharField(max_length=200, allow_blank=True, default="")


class RidePartySerializer(serializers.Serializer[Any]):
    """Who rides. Companions have seats of their own; one in a wheelchair needs a bay, no seat."""

    seats = serializers.IntegerField(min_value=0, max_value=50, default=1)
    wheelchair_bays = serializers.IntegerField(min_value=0, max_value=10, default=0)
    pushchairs = serializers.IntegerField(min_value=0, max_value=10, default=0)
    luggage = serializers.IntegerField(min_value=0, max_value=50, default=0)


class RideWishSerializer(serializers.Serializer[Any]):
    """Give one of `depart_after` and `arrive_by`; neither means now."""

    service = serializers.SlugField(
        max_length=60, allow_blank=True, default="", help_text="May be left out if there is one."
    )
    origin = RideEndSerializer()
    destination = RideEndSerializer()
    depart_after = serializers.DateTimeField(required=False, allow_null=True)
    arrive_by = serializers.DateTimeField(required=False, allow_null=True)
    party = RidePartySerializer(required=False)
    step_free = serializers.BooleanField(
        default=False, help_text="Only stops without steps. Wheelchairs always get them."
    )
    max_walk_m = serializers.IntegerField(
        required=False, allow_null=True, min_value=50, max_value=5000
    )


class RideFareLineSerializer(serializers.Serializer[Any]):
    component = serializers.CharField()
    amount = serializers.IntegerField(help_text="In minor units of the currency.")


class StopShownSerializer(serializers.Serializer[Any]):
    code = serializers.SlugField()
    names = serializers.DictField(child=serializers.CharField())
    lon = serializers.FloatField()
    lat = serializers.FloatField()


class RideOfferSerializer(serializers.Serializer[Any]):
    """A ride that can be had now; it is checked again when it is taken."""

    offer = serializers.CharField(help_text="Give it back to book.")
    expires_at = serializers.DateTimeField()
    kinds = serializers.ListField(
        child=serializers.ChoiceField(["soonest", "least_walk", "step_free"]),
        help_text="What it is best at.",
    )
    pickup_stop = serializers.SlugField()
    dropoff_stop = serializers.SlugField()
    walk_to_m = serializers.IntegerField()
    walk_from_m = serializers.IntegerField()
    pickup_at = serializers.DateTimeField(help_text="As planned now.")
    pickup_from = serializers.DateTimeField(help_text="Promised.")
    pickup_until = serializers.DateTimeField(help_text="Promised.")
    dropoff_at = serializers.DateTimeField(help_text="As planned now.")
    dropoff_until = serializers.DateTimeField(help_text="Promised.")
    fare = serializers.IntegerField(help_text="In minor units of the currency.")
    currency = serializers.CharField()
    fare_lines = RideFareLineSerializer(many=True)


class RideQuoteSerializer(serializers.Serializer[Any]):
    offers = RideOfferSerializer(many=True)


class RideBookSerializer(serializers.Serializer[Any]):
    offer = serializers.CharField(max_length=8000)
    note = serializers.CharField(
        max_length=200, allow_blank=True, default="", help_text="For the driver."
    )


class RideVehicleSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF's own is unused here
    plate = serializers.CharField()
    lon = serializers.FloatField(required=False)
    lat = serializers.FloatField(required=False)
    seen_at = serializers.DateTimeField(required=False)


class RideSerializer(serializers.ModelSerializer[Booking]):
    """A ride with its promise and its present times. `drt.booking:CODE` follows it live."""

    class Meta:
        model = Booking
        fields = (
            "code", "version", "state", "service", "origin_name", "destination_name", "pickup",
            "dropoff", "walk_to_m", "walk_from_m", "pickup_from", "pickup_until", "dropoff_until",
            "pickup_at", "dropoff_at", "eta_spread_s", "late_s", "change_reason", "seats",
            "wheelchair_bays", "pushchairs", "luggage", "fare", "currency", "fare_lines", "note",
            "vehicle", "created_at", "arrived_at", "boarded_at", "alighted_at", "closed_at",
        )  # fmt: skip
        read_only_fields = fields

    state = serializers.CharField(help_text=", ".join(Booking.State.values))
    service = serializers.SlugField(source="service.code")
    pickup = serializers.SerializerMethodField()
    dropoff = serializers.SerializerMethodField()
    pickup_from = serializers.DateTimeField(source="pickup_earliest_at")
    pickup_until = serializers.DateTimeField(source="pickup_latest_at")
    dropoff_until = serializers.DateTimeField(source="dropoff_latest_at")
    fare_lines = RideFareLineSerializer(many=True)
    vehicle = serializers.SerializerMethodField()

    @extend_schema_field(StopShownSerializer)
    def get_pickup(self, row: Booking) -> dict[str, Any]:
        return stop_shown(row.pickup_stop)

    @extend_schema_field(StopShownSerializer)
    def get_dropoff(self, row: Booking) -> dict[str, Any]:
        return stop_shown(row.dropoff_stop)

    @extend_schema_field(RideVehicleSerializer(allow_null=True))
    def get_vehicle(self, row: Booking) -> dict[str, Any] | None:
        if row.shift is None:
            return None
        vehicle = row.shift.vehicle
        shown = {"code": vehicle.code, "label": vehicle.label, "plate": vehicle.plate}
        followed = row.state in ("approaching", "arrived", "onboard")
        return shown | (position_of(vehicle) if followed else {})


def stop_shown(stop: Any) -> dict[str, Any]:
    return {"code": stop.code, "names": stop.names, "lon": stop.geom.x, "lat": stop.geom.y}


class RideCancelledSerializer(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    late = serializers.BooleanField(help_text="After the time of free cancellation.")


class RideDecisionSerializer(serializers.Serializer[Any]):
    """What the dispatcher decided, and why: facts, such as how much dearer another van was."""

    at = serializers.DateTimeField()
    what = serializers.CharField()
    detail = serializers.DictField()


class VirtualStopSerializer(StopShownSerializer):
    step_free = serializers.BooleanField()
    boards_wheelchairs = serializers.BooleanField()
    sheltered = serializers.BooleanField()
    kerb_side = serializers.CharField()
    distance_m = serializers.FloatField(allow_null=True)


class RideZoneSerializer(serializers.Serializer[Any]):
    code = serializers.SlugField()
    names = serializers.DictField(child=serializers.CharField())
    geometry = serializers.DictField(help_text="GeoJSON MultiPolygon.")
    suspended = serializers.BooleanField()
    suspended_because = serializers.CharField(allow_blank=True)


class RideHoursSerializer(serializers.Serializer[Any]):
    from_zone = serializers.SlugField()
    to_zone = serializers.SlugField()
    opens_at = serializers.DateTimeField(allow_null=True, help_text="Today; null: not at all.")
    closes_at = serializers.DateTimeField(allow_null=True)


class ServiceAreaSerializer(serializers.Serializer[Any]):
    code = serializers.SlugField()
    names = serializers.DictField(child=serializers.CharField())
    phone = serializers.CharField(allow_blank=True)
    ahead_days = serializers.IntegerField()
    max_party = serializers.IntegerField()
    max_walk_m = serializers.IntegerField()
    zones = RideZoneSerializer(many=True)
    hours = RideHoursSerializer(many=True)


# ---------------------------------------------------------------- drivers


class PlannedStopSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="The booking's code, or `break:N`.")
    act = serializers.CharField(help_text="pickup, dropoff or break.")
    place = serializers.CharField()
    at = serializers.DateTimeField()
    latest_at = serializers.DateTimeField()


class PassengerSerializer(serializers.Serializer[Any]):
    """Whom to expect. Names are those their owners gave; there may be none."""

    booking = serializers.UUIDField()
    state = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    seats = serializers.IntegerField()
    wheelchair_bays = serializers.IntegerField()
    pushchairs = serializers.IntegerField()
    luggage = serializers.IntegerField()
    note = serializers.CharField(allow_blank=True)
    pickup = StopShownSerializer()
    dropoff = StopShownSerializer()
    fare = serializers.IntegerField()
    currency = serializers.CharField()


class DriverShiftSerializer(serializers.Serializer[Any]):
    """A driver's shift with its plan. `drt.shift:CODE` follows it live; confirm what you saw."""

    code = serializers.UUIDField()
    vehicle = serializers.CharField()
    plate = serializers.CharField()
    duty = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    version = serializers.IntegerField()
    acknowledged_version = serializers.IntegerField()
    locked = serializers.IntegerField()
    leave_at = serializers.DateTimeField(allow_null=True)
    wait_at = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    stops = PlannedStopSerializer(many=True)
    passengers = PassengerSerializer(many=True)


class DriverDutySerializer(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    duty = serializers.CharField()


class PlanSeenSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1)


class PlanAcknowledgedSerializer(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    acknowledged = serializers.IntegerField()


class DriverActSerializer(serializers.Serializer[Any]):
    """`subject` is a booking's code, or the break's id as the plan names it."""

    subject = serializers.CharField(max_length=60)
    act = serializers.ChoiceField(ACTS)
    at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="By the device's clock; now if left out."
    )


class DriverActedSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text="The plan's.")


class VehicleFixSerializer(serializers.Serializer[Any]):
    lon = serializers.FloatField(min_value=-180, max_value=180)
    lat = serializers.FloatField(min_value=-90, max_value=90)
    recorded_at = serializers.DateTimeField()
    bearing_deg = serializers.FloatField(
        required=False, allow_null=True, min_value=0, max_value=360
    )
    speed_mps = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=70)


class VehicleFixesSerializer(serializers.Serializer[Any]):
    positions = serializers.ListField(
        child=VehicleFixSerializer(), min_length=1, max_length=MOST_POSITIONS
    )


class VehicleFixesStoredSerializer(serializers.Serializer[Any]):
    stored = serializers.IntegerField()
    passed_over = serializers.IntegerField(help_text="Known before.")


class BrokenDownSerializer(serializers.Serializer[Any]):
    code = serializers.UUIDField()
    stranded = serializers.IntegerField(help_text="How many rides look for another vehicle now.")
