"""Celery shells of parking."""

from celery import shared_task

from apps.parking.services.availability import age_states
from apps.parking.services.keeping import keep_reservations


@shared_task(name="parking.age_states")
def age_parking_states() -> None:
    age_states()


@shared_task(name="parking.keep_reservations")
def keep_parking_reservations() -> None:
    keep_reservations()
