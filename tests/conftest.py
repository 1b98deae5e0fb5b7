"""What every test may use: a stopped clock, and a fresh cache."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from apps.base import clock
from apps.base.clock import Hand
from tests.support.world import chief, people

__all__ = ["chief", "people"]

NOON = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # a Sunday, twelve o'clock in Korea


@pytest.fixture
def hand() -> Iterator[Hand]:
    """The city's clock, stopped at noon on Sunday 22 November 2026 (KST); move it as you need."""
    with clock.stopped_at(NOON) as hand:
        yield hand


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> Iterator[None]:
    """Rate limits and cached answers of one test don't reach the next."""
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
