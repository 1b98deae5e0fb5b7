"""Who has asked lately: priced travellers by profile, the latest few hundred."""

import threading
from collections import OrderedDict

from apps.accounts.core.mobility import MobilityProfile
from apps.navigation.core.search import Traveller
from apps.navigation.core.signals import Lights
from apps.navigation.core.terrain import Terrain, traveller

KEPT = 64


class Travellers:
    """A profile is priced once for each rhythm of the lights; the least lately asked goes first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[MobilityProfile, int], Traveller] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, terrain: Terrain, profile: MobilityProfile, lights: Lights) -> Traveller:
        key = (profile, lights.version)
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        made = traveller(terrain, profile, lights.waits_for(terrain.graph, profile))
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made
