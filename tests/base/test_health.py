"""The health page says what is away."""

from typing import Any

import pytest
from django.test import Client

from apps.base import health
from apps.base.health import Finding
from apps.base.models import Work
from tests.support.registries import registered


def broken() -> Finding:
    raise ConnectionError("gone fishing")


def poorly() -> Finding:
    return Finding(ok=False, detail="slow", vital=False)


@pytest.mark.django_db
def test_a_living_city_is_healthy() -> None:
    response = Client().get("/health")
    assert response.status_code == 200
    assert response.json()["parts"]["database"]["detail"].startswith("PostGIS")


@pytest.mark.django_db
def test_a_vital_part_away_is_a_503_that_says_which() -> None:
    with registered(health.probes, "test", "tests.base.test_health.broken"):
        response = Client().get("/health")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert response.json()["parts"]["test"]["detail"] == "ConnectionError: gone fishing"


@pytest.mark.django_db
def test_a_part_that_is_not_vital_is_told_but_does_not_close_the_door() -> None:
    with registered(health.probes, "test", "tests.base.test_health.poorly"):
        response = Client().get("/health")
    assert response.status_code == 200
    assert response.json()["parts"]["test"] == {
        "ok": False,
        "vital": False,
        "detail": "slow",
        "ms": response.json()["parts"]["test"]["ms"],
    }


@pytest.mark.django_db
def test_failed_work_shows(hand: Any) -> None:
    Work.objects.create(
        kind="x",
        state=Work.State.FAILED,
        due_at="2026-11-22T00:00Z",
        created_at="2026-11-22T00:00Z",
    )
    assert health.work() == Finding(ok=False, detail="1 failed, 0 late", vital=False)


@pytest.mark.django_db
def test_people_get_a_page() -> None:
    page = Client().get("/health", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert "database" in page.content.decode()


def test_a_beat_is_noticed() -> None:
    assert health.beat() == Finding(ok=False, detail="no beat seen", vital=False)
    health.note_beat()
    assert health.beat().ok
