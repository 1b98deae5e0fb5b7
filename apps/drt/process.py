"""The `dispatch` process: keeps plans and the world together, and makes plans better.

It holds nothing that is not a row: ended at any moment it goes on, after a start, from the rows as
they are. It wakes at once when something happens (a hint) and looks every second anyhow.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import psycopg
from django.db import DatabaseError, close_old_connections, connection

from apps.base import clock, request_ids
from apps.base.problems import Problem
from apps.drt.core.warming import warm_up
from apps.drt.models import Service
from apps.drt.services.following import follow_vehicles
from apps.drt.services.improving import Improver
from apps.drt.services.obstructions import follow_obstructions
from apps.drt.services.rebalancing import rebalance_idle
from apps.drt.services.rescue import rescue_seeking
from apps.drt.services.rosters import roll_out_shifts
from apps.drt.services.shifts import WAKE
from apps.drt.services.travel import keep_ways_current

TICK_S = 1.0
REBALANCE_EVERY = timedelta(seconds=90)
ROSTER_EVERY = timedelta(hours=1)
OBSTRUCTIONS_EVERY = timedelta(seconds=3)
WAYS_EVERY = timedelta(seconds=30)
TROUBLE_S = 2.0
logger = logging.getLogger(__name__)


@dataclass
class Dispatcher:
    """One service's round of duties."""

    service_code: str
    improver: Improver = field(init=False)
    _done_at: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.improver = Improver(self.service_code)

    def tick(self) -> bool:
        """What is due, the most urgent first. Returns whether plans got better (look again)."""
        self._every(WAYS_EVERY, keep_ways_current)
        rescue_seeking(self.service_code)
        follow_vehicles(self.service_code)
        self._every(OBSTRUCTIONS_EVERY, follow_obstructions)
        self._every(ROSTER_EVERY, roll_out_shifts)
        self._every(REBALANCE_EVERY, rebalance_idle)
        return self.improver.improve_once() > 0

    def _every(self, pause: timedelta, duty: Callable[[str], object]) -> None:
        now, name = clock.now(), duty.__name__
        if now - self._done_at.get(name, datetime.min.replace(tzinfo=now.tzinfo)) >= pause:
            self._done_at[name] = now
            duty(self.service_code)


class Loop:
    """All services of this deployment, until `stop`."""

    def __init__(self) -> None:
        self._dispatchers: dict[str, Dispatcher] = {}
        self.stopping = False

    def run(self) -> None:
        warm_up()
        while not self.stopping:
            try:
                if not self.round():
                    _wait_for_news(TICK_S)
            except (DatabaseError, psycopg.Error) as error:
                logger.warning("dispatch: database away: %s", error)
                connection.close()
                time.sleep(TROUBLE_S)

    def round(self) -> bool:
        """One tick of each service; one that fails does not stop the others."""
        close_old_connections()
        busy = False
        for code in Service.objects.filter(retired_at=None).values_list("code", flat=True):
            request_ids.use(request_ids.new())
            dispatcher = self._dispatchers.setdefault(code, Dispatcher(code))
            try:
                busy |= dispatcher.tick()
            except DatabaseError:
                raise
            except Problem as problem:  # no travel times yet, a service just retired
                logger.info("dispatch %s waits: %s", code, problem)
            except Exception:
                logger.exception("dispatch %s failed", code)
        return busy


def _wait_for_news(timeout_s: float) -> None:
    connection.ensure_connection()
    raw = connection.connection
    assert raw is not None
    raw.execute(f"LISTEN {WAKE}")
    for _news in raw.notifies(timeout=timeout_s, stop_after=1):
        return
