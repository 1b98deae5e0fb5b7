"""From the threads that look to the database: one queue, one writer, nobody waits.

While the database is away observations wait, the newest of them; what was said of health and events
waits in order. Nothing a camera does can fill the memory.
"""

import logging
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import InterfaceError, OperationalError

from apps.base.problems import Problem
from devices.ingest.accept import accept
from devices.ingest.connections import give_back
from devices.ingest.speaker import known_as
from devices.protocols.batch import MAX_ROWS, read_rows

EVERY_S = 0.5
MOST_ROWS = 20_000
MOST_DEEDS = 2_000
logger = logging.getLogger(__name__)

Row = Mapping[str, Any]
Deed = Callable[[], object]


class Desk:
    """`say` and `do` may be called by any thread; `run` writes until `ended`."""

    def __init__(self) -> None:
        self._rows: deque[tuple[str, Row]] = deque(maxlen=MOST_ROWS)
        self._deeds: deque[Deed] = deque(maxlen=MOST_DEEDS)

    def say(self, gateway: str, rows: Sequence[Row]) -> None:
        """Observations in the name of a gateway, in the words of the JSON door."""
        self._rows.extend((gateway, row) for row in rows)

    def do(self, deed: Deed) -> None:
        """A call of a service, to be made soon and in order."""
        self._deeds.append(deed)

    def run(self, ended: threading.Event) -> None:
        while not ended.wait(EVERY_S):
            self.write()
            give_back()
        self.write()
        give_back()

    def write(self) -> None:
        """Nothing that goes wrong here ends the process."""
        try:
            self._do_deeds()
            self._write_rows()
        except (OperationalError, InterfaceError) as error:
            logger.warning("cameras wait, the database is away (%s)", error)

    def _do_deeds(self) -> None:
        while self._deeds:
            deed = self._deeds[0]
            try:
                deed()
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                logger.exception("what a camera saw could not be noted")
            self._deeds.popleft()

    def _write_rows(self) -> None:
        taken = [self._rows.popleft() for _ in range(min(len(self._rows), MAX_ROWS))]
        by_gateway: dict[str, list[Row]] = defaultdict(list)
        for gateway, row in taken:
            by_gateway[gateway].append(row)
        try:
            while by_gateway:
                gateway = next(iter(by_gateway))
                _accept(gateway, by_gateway[gateway])
                del by_gateway[gateway]
        except (OperationalError, InterfaceError):
            waiting = [(gateway, row) for gateway, rows in by_gateway.items() for row in rows]
            self._rows.extendleft(reversed(waiting))
            raise


def _accept(gateway: str, rows: list[Row]) -> None:
    try:
        receipt = accept(read_rows(rows), known_as(gateway))
    except Problem as problem:
        logger.warning("cameras of %s are not heard: %s", gateway, problem)
        return
    if receipt.quarantined:
        logger.warning("cameras of %s, kept apart: %s", gateway, receipt.quarantined[:3])
