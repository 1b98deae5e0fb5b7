"""One id from web to task to message."""

import logging

import pytest
from django.test import Client

from apps.base import request_ids
from apps.base.request_ids import RequestIdFilter
from citizen.celery import app, carry_request_id, take_request_id


def test_the_answer_names_the_request() -> None:
    response = Client().get("/problems", headers={"X-Request-Id": "sora-asks-1"})
    assert response["X-Request-Id"] == "sora-asks-1"


@pytest.mark.parametrize("offered", ["", "short", "a" * 65, "new\nline-12345", None])
def test_it_makes_its_own_where_the_offered_one_is_unfit(offered: str | None) -> None:
    assert request_ids.accept(offered) != offered


def test_a_log_line_carries_it() -> None:
    request_ids.use("sora-asks-2")
    record = logging.LogRecord("x", logging.INFO, "f", 1, "m", (), None)
    RequestIdFilter().filter(record)
    assert record.__dict__["request_id"] == "sora-asks-2"


def test_a_task_carries_it_from_sender_to_worker() -> None:
    request_ids.use("sora-asks-3")
    headers: dict[str, str] = {}
    carry_request_id(headers=headers)
    request_ids.use("-")
    task = type("Task", (), {"request": type("Context", (), headers)})
    take_request_id(task=task)
    assert request_ids.current() == "sora-asks-3"


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert scheduled <= set(app.tasks)
