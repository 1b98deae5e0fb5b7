"""Celery shells of alerts."""

from celery import shared_task

from apps.alerts.services.keeping import end_expired


@shared_task(name="alerts.end_expired")
def end_expired_alerts() -> None:
    end_expired()
