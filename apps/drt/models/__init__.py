from apps.drt.models.area import (
    BookingRule,
    Calendar,
    Fare,
    OperatingRule,
    Service,
    VirtualStop,
    Zone,
)
from apps.drt.models.bookings import Booking
from apps.drt.models.fleet import (
    Depot,
    Driver,
    Shift,
    ShiftBreak,
    ShiftPattern,
    Vehicle,
    VehiclePosition,
    VehicleType,
)
from apps.drt.models.plans import DispatchEvent, StopVisit, TravelTable, VehiclePlan

__all__ = [
    "Booking",
    "BookingRule",
    "Calendar",
    "Depot",
    "DispatchEvent",
    "Driver",
    "Fare",
    "OperatingRule",
    "Service",
    "Shift",
    "ShiftBreak",
    "ShiftPattern",
    "StopVisit",
    "TravelTable",
    "Vehicle",
    "VehiclePlan",
    "VehiclePosition",
    "VehicleType",
    "VirtualStop",
    "Zone",
]
