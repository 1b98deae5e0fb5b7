"""Celery shells of navigation."""

from celery import shared_task

from apps.navigation.services.builds import build_if_stale


@shared_task(name="navigation.build_if_stale")
def build_graph_if_stale() -> None:
    build_if_stale()
