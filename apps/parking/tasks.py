"""Celery shells of parking."""

from celery import shared_task

from apps.parking.services.anchoring import set_gates_right
from apps.parking.services.availability import age_states
from apps.parking.services.forecasting import make_outlooks, sample_occupancy, train_if_due
from apps.parking.services.keeping import keep_reservations
from apps.parking.services.overrides import close_expired
from apps.parking.services.trust import judge_feeds


@shared_task(name="parking.age_states")
def age_parking_states() -> None:
    close_expired()
    age_states()


@shared_task(name="parking.keep_reservations")
def keep_parking_reservations() -> None:
    keep_reservations()


@shared_task(name="parking.sample_occupancy")
def sample_parking_occupancy() -> None:
    sample_occupancy()


@shared_task(name="parking.train_forecasts")
def train_parking_forecasts() -> None:
    train_if_due()


@shared_task(name="parking.make_outlooks")
def make_parking_outlooks() -> None:
    make_outlooks()


@shared_task(name="parking.judge_feeds")
def judge_parking_feeds() -> None:
    judge_feeds()
    set_gates_right()
