"""Celery shells of parking."""

from celery import shared_task

from apps.parking.services.availability import age_states


@shared_task(name="parking.age_states")
def age_parking_states() -> None:
    age_states()
