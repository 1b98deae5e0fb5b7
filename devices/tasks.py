"""Celery shells of devices."""

from celery import shared_task

from devices.ingest import partitions


@shared_task(name="devices.run_partitions_ahead")
def run_partitions_ahead() -> None:
    partitions.run_ahead()
