"""Staff's view of the city."""

from apps.city.admin import city, imports, obstructions, places

__all__ = ["city", "imports", "obstructions", "places"]
