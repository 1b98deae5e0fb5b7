"""Celery shells of hazards."""

from celery import shared_task

from apps.hazards.services.clocks import check_clocks
from apps.hazards.services.detectors import hear_held
from apps.hazards.services.structures import analyse_structures
from apps.hazards.services.training import retrain_old, train_waiting
from apps.hazards.services.watching import watch_silence


@shared_task(name="hazards.watch_silence")
def watch_station_silence() -> None:
    watch_silence()


@shared_task(name="hazards.check_clocks")
def check_station_clocks() -> None:
    check_clocks()


@shared_task(name="hazards.train_waiting")
def train_waiting_versions() -> None:
    train_waiting()


@shared_task(name="hazards.retrain_old")
def retrain_old_models() -> None:
    retrain_old()


@shared_task(name="hazards.analyse_structures")
def analyse_all_structures() -> None:
    analyse_structures()


@shared_task(name="hazards.hear_held")
def hear_held_detectors() -> None:
    hear_held()
