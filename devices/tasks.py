"""Celery shells of devices."""

from celery import shared_task

from devices.ingest import partitions
from devices.services import health, rollups


@shared_task(name="devices.run_partitions_ahead")
def run_partitions_ahead() -> None:
    partitions.run_ahead()


@shared_task(name="devices.judge_health")
def judge_health() -> None:
    health.judge_health()


@shared_task(name="devices.sum_up")
def sum_up() -> None:
    rollups.sum_up()
