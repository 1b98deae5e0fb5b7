"""Celery shells of traffic."""

from celery import shared_task

from apps.traffic.services import forecasts, incidents, links, priority, speeds


@shared_task(name="traffic.build_links")
def build_links() -> None:
    links.build_if_stale()


@shared_task(name="traffic.age_links")
def age_links() -> None:
    speeds.age_links()


@shared_task(name="traffic.follow_obstructions")
def follow_obstructions() -> None:
    incidents.follow_obstructions()


@shared_task(name="traffic.end_overdue")
def end_overdue() -> None:
    priority.end_overdue()


@shared_task(name="traffic.look_ahead")
def look_ahead() -> None:
    forecasts.keep_slot()
    forecasts.look_ahead()


@shared_task(name="traffic.train_speeds")
def train_speeds() -> None:
    forecasts.train_speeds()
