from apps.parking.models.availability import PoolState, Quality, SiteLive
from apps.parking.models.feeds import PoolFeed
from apps.parking.models.sites import Bay, CapacityPool, Category, ParkingSite

__all__ = [
    "Bay",
    "CapacityPool",
    "Category",
    "ParkingSite",
    "PoolFeed",
    "PoolState",
    "Quality",
    "SiteLive",
]
