"""How slow the roads are, as this process knows it: asked anew every half minute."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from apps.base import clock
from apps.navigation.cache.serving import Serving
from apps.navigation.core.cars import slowdown_per_arc, slowed
from apps.navigation.core.search import Traveller
from apps.traffic.selectors.links import FREELY, Slowdowns, slowdowns

REFRESH = timedelta(seconds=30)
AHEAD_STEP = timedelta(minutes=15)
DRIVERS_KEPT = 6


@dataclass(frozen=True, eq=False)
class Flow:
    """A driver in the traffic of one time; `version` is equal where the traffic is."""

    version: int
    driver: Traveller


class _Flows:
    """Of one build: what was asked of traffic lately, and the drivers made from it."""

    def __init__(self, serving: Serving) -> None:
        assert serving.roads is not None
        self._roads = serving.roads
        self._asked: dict[int, tuple[datetime, Slowdowns]] = {}
        self._drivers: OrderedDict[int, Traveller] = OrderedDict()
        self._lock = threading.Lock()

    def at(self, instant: datetime) -> Flow:
        with self._lock:
            slow = self._slow(instant)
            if slow.version == FREELY.version:
                return Flow(0, self._roads.driver)
            driver = self._drivers.get(slow.version)
            if driver is None:
                per_arc = slowdown_per_arc(self._roads.graph, slow.by_nodes)
                driver = self._drivers[slow.version] = slowed(self._roads, per_arc)
            self._drivers.move_to_end(slow.version)
            while len(self._drivers) > DRIVERS_KEPT:
                self._drivers.popitem(last=False)
            return Flow(slow.version, driver)

    def _slow(self, instant: datetime) -> Slowdowns:
        now = clock.now()
        step = round((instant - now) / AHEAD_STEP)
        kept = self._asked.get(step)
        if kept is None or not timedelta(0) <= now - kept[0] < REFRESH:
            if len(self._asked) > 100:
                self._asked.clear()
            kept = self._asked[step] = (now, slowdowns(at=now + step * AHEAD_STEP))
        return kept[1]


_flows: "WeakKeyDictionary[Serving, _Flows]" = WeakKeyDictionary()
_making = threading.Lock()


def flow_on(serving: Serving, at: datetime) -> Flow:
    """The driver of a build with roads at an instant."""
    with _making:
        if serving not in _flows:
            _flows[serving] = _Flows(serving)
    return _flows[serving].at(at)


def forget() -> None:
    """Drop what was asked, as tests do between databases."""
    _flows.clear()
