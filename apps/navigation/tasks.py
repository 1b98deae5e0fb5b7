"""Celery shells of navigation."""

from celery import shared_task

from apps.navigation.services.builds import build_if_stale
from apps.navigation.services.obstacles import fade_reports
from apps.navigation.services.signals import bind_if_stale


@shared_task(name="navigation.build_if_stale")
def build_graph_if_stale() -> None:
    if build_if_stale() is None:
        bind_if_stale()


@shared_task(name="navigation.fade_reports")
def fade_obstacle_reports() -> None:
    fade_reports()
