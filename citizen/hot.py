"""The short list of hot paths, answered by the lean door."""

from apps.base.hot import Route

ROUTES: tuple[Route, ...] = ()
