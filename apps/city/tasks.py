"""Celery shells of the city."""

from celery import shared_task

from apps.city.services import obstructions


@shared_task(name="city.close_expired")
def close_expired() -> None:
    obstructions.close_expired()
