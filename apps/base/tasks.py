"""Celery shells of the habits."""

from celery import shared_task

from apps.base import health, retention, work


@shared_task(name="base.beat")
def beat() -> None:
    health.note_beat()


@shared_task(name="base.sweep_work")
def sweep_work() -> None:
    work.sweep()


@shared_task(name="base.keep_retention")
def keep_retention() -> None:
    retention.keep_all()


def hint_work() -> None:
    """Wake the sweeper; the beat finds the row anyhow if this is lost."""
    sweep_work.apply_async(retry=False, ignore_result=True)
