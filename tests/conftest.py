"""What every test may use: a stopped clock, a fresh cache, and a database made quickly."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from apps.base import clock
from apps.base.clock import Hand
from tests.support.database import empty_written_tables, ready_database, send_others_away
from tests.support.world import chief, people

__all__ = ["chief", "people"]

hypothesis_settings.register_profile("steady", derandomize=True)

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # a Sunday, twelve o'clock in Korea


@pytest.fixture
def hand() -> Iterator[Hand]:
    """The city's clock, stopped at noon on Sunday 22 November 2026 (KST); move it as you need."""
    with clock.stopped_at(NOON) as hand:
        yield hand


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Only here may the test database's settings still change."""
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = ready = ready_database()
    with pytest.MonkeyPatch.context() as patch:
        if ready:
            patch.setattr(TransactionTestCase, "_fixture_teardown", _empty)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A thread that some server left behind may still hold a connection when all is over."""
    yield
    with django_db_blocker.unblock():
        send_others_away()


def _empty(_case: TransactionTestCase) -> None:
    empty_written_tables()


@pytest.fixture(autouse=True)
def _nothing_left_over() -> Iterator[None]:
    """Rate limits and cached answers of one test don't reach the next, nor does its language."""
    translation.deactivate()
    cache.clear()
    yield
    cache.clear()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line of a run says how much it left out for want of the real samples."""
    reporter: pytest.TerminalReporter | None = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        skipped = reporter.stats.get("skipped", [])
        absent = sum("CITIZEN_SAMPLES" in str(report.longrepr) for report in skipped)
        reporter.write_line(f"{absent} tests skipped because their samples are absent.")
