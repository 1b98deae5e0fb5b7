"""Celery: who works on what, and the table of what runs when."""

import os
from typing import Any

from celery import Celery
from celery.signals import before_task_publish, task_postrun, task_prerun

from apps.base import request_ids

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citizen.settings")

app = Celery("citizen")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Seconds between runs. Hints usually come sooner; these find what a lost hint left behind.
app.conf.beat_schedule = {
    name: {"task": name, "schedule": every_s}
    for name, every_s in {
        "base.beat": 5.0,
        "base.sweep_work": 2.0,
        "base.keep_retention": 3600.0,
        "alerts.end_expired": 30.0,
        "city.close_expired": 60.0,
        "complaints.export_open_data": 3600.0,
        "complaints.learn_from_staff": 3600.0,
        "complaints.warn_of_time": 30.0,
        "devices.run_partitions_ahead": 3600.0,
        "devices.judge_health": 5.0,
        "devices.sum_up": 60.0,
        "hazards.analyse_structures": 20.0,
        "hazards.check_clocks": 3600.0,
        "hazards.hear_held": 5.0,
        "hazards.retrain_old": 86400.0,
        "hazards.train_waiting": 15.0,
        "hazards.watch_silence": 15.0,
        "navigation.build_if_stale": 60.0,
        "navigation.fade_reports": 600.0,
        "parking.age_states": 5.0,
        "parking.judge_feeds": 120.0,
        "parking.keep_reservations": 5.0,
        "parking.make_outlooks": 300.0,
        "parking.sample_occupancy": 60.0,
        "parking.train_forecasts": 120.0,
        "traffic.age_links": 30.0,
        "traffic.build_links": 60.0,
        "traffic.end_overdue": 10.0,
        "traffic.follow_obstructions": 5.0,
        "traffic.look_ahead": 60.0,
        "traffic.train_speeds": 86400.0,
    }.items()
}


@before_task_publish.connect
def carry_request_id(headers: dict[str, Any], **_: Any) -> None:
    headers["request_id"] = request_ids.current()


@task_prerun.connect
def take_request_id(task: Any, **_: Any) -> None:
    request_ids.use(getattr(task.request, "request_id", None) or request_ids.new())


@task_postrun.connect
def drop_request_id(**_: Any) -> None:
    request_ids.use("-")
