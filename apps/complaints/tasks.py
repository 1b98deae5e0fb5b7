"""Celery shells of complaints."""

from celery import shared_task

from apps.complaints.services.learning import learn_from_staff
from apps.complaints.services.open_data import export_open_data
from apps.complaints.services.warnings import warn_of_time


@shared_task(name="complaints.warn_of_time")
def warn_of_complaint_time() -> None:
    warn_of_time()


@shared_task(name="complaints.export_open_data")
def export_complaints() -> None:
    export_open_data()


@shared_task(name="complaints.learn_from_staff")
def learn_services() -> None:
    learn_from_staff()
