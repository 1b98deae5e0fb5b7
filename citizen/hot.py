"""The short list of hot paths, answered by the lean door."""

from apps.alerts.rest import active
from apps.base.hot import Route
from apps.city.rest import search, tiles
from apps.complaints.rest import public_map
from apps.parking.rest import nearby
from devices.rest import observations

ROUTES: tuple[Route, ...] = (
    *active.ROUTES,
    *tiles.ROUTES,
    *search.ROUTES,
    *public_map.ROUTES,
    *nearby.ROUTES,
    *observations.ROUTES,
)
