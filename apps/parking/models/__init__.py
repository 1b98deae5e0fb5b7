from apps.parking.models.availability import PoolState, Quality, SiteLive
from apps.parking.models.feeds import PoolFeed
from apps.parking.models.ledger import Account, Entry, Transaction
from apps.parking.models.outlook import ForecastModel, Guidance, OccupancySample, PoolOutlook
from apps.parking.models.payments import LoopbackPayment, Payment
from apps.parking.models.reservations import (
    BookingPolicy,
    Reservation,
    ReservationChange,
    Space,
)
from apps.parking.models.shared import BayRight, SharedOffer, SharedRecall
from apps.parking.models.sites import AccessPoint, Bay, CapacityPool, Category, ParkingSite
from apps.parking.models.tariffs import DiscountRight, Tariff, TariffAssignment
from apps.parking.models.trust import CitizenReport, Exclusion, Override

__all__ = [
    "AccessPoint",
    "Account",
    "Bay",
    "BayRight",
    "BookingPolicy",
    "CapacityPool",
    "Category",
    "CitizenReport",
    "DiscountRight",
    "Entry",
    "Exclusion",
    "ForecastModel",
    "Guidance",
    "LoopbackPayment",
    "OccupancySample",
    "Override",
    "ParkingSite",
    "Payment",
    "PoolFeed",
    "PoolOutlook",
    "PoolState",
    "Quality",
    "Reservation",
    "ReservationChange",
    "SharedOffer",
    "SharedRecall",
    "SiteLive",
    "Space",
    "Tariff",
    "TariffAssignment",
    "Transaction",
]
