"""Wiring. Celery's application is made with the package, so that tasks find their broker."""

from citizen.celery import app as celery_app

__all__ = ["celery_app"]
