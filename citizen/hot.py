"""The short list of hot paths, answered by the lean door."""

from apps.base.hot import Route
from devices.rest import observations

ROUTES: tuple[Route, ...] = (*observations.ROUTES,)
