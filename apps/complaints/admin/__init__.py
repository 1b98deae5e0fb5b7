"""Staff's view of complaints."""

from apps.complaints.admin import catalogue, requests, routing

__all__ = ["catalogue", "requests", "routing"]
