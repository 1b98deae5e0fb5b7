"""The process `cameras`: one thread for each camera of its share, one that writes.

Plans are read again every few seconds: what staff change is taken up without a restart.
"""

import logging
import signal
import threading
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError

from apps.city.models import City
from devices.adapters.video import Terms
from devices.cameras import stills
from devices.cameras.addresses import read_networks
from devices.cameras.desk import Desk
from devices.cameras.listening import Ear
from devices.cameras.plans import CameraPlan, read_plans
from devices.cameras.tuning import tune_waiting
from devices.cameras.watch import Watch
from devices.ingest.connections import give_back

PLANS_EVERY_S = 3.0
STILLS_EVERY_S = 0.25
logger = logging.getLogger(__name__)


def serve(*, shard: int = 0, shards: int = 1) -> None:
    """Watch until asked to end."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    Shard(shard, shards).run(ended)


def terms() -> Terms:
    files = Path(settings.CAMERA_FILES_DIR) if settings.CAMERA_FILES_DIR else None
    return Terms(read_networks(settings.CAMERA_NETWORKS), files)


class Shard:
    """The cameras of one share."""

    def __init__(self, shard: int = 0, shards: int = 1) -> None:
        self._shard, self._shards = shard, shards
        self._desk, self._terms = Desk(), terms()
        self._watches: dict[int, Watch] = {}
        self._ears: dict[int, Ear] = {}

    def run(self, ended: threading.Event) -> None:
        writer = threading.Thread(target=self._desk.run, args=[ended], name="desk")
        writer.start()
        since_s = PLANS_EVERY_S
        while not ended.is_set():
            if since_s >= PLANS_EVERY_S:
                self._follow_plans()
                since_s = 0.0
            self._hand_on_wishes()
            ended.wait(STILLS_EVERY_S)
            since_s += STILLS_EVERY_S
        self._end(list(self._watches))
        writer.join(timeout=5)

    def _follow_plans(self) -> None:
        try:
            self._take_up(read_plans(shard=self._shard, shards=self._shards))
            tune_waiting(shard=self._shard, shards=self._shards)
        except City.DoesNotExist:
            logger.warning("there is no city yet")
        except (OperationalError, InterfaceError) as error:
            logger.warning("cameras go on as they were, the database is away (%s)", error)
        finally:
            give_back()

    def _take_up(self, plans: list[CameraPlan]) -> None:
        wanted = {plan.pk: plan for plan in plans}
        changed = [
            pk
            for pk, watch in self._watches.items()
            if pk not in wanted or wanted[pk].key != watch.plan.key or not watch.is_alive()
        ]
        self._end(changed)
        for pk, plan in wanted.items():
            if pk not in self._watches:
                self._watches[pk] = Watch(plan, self._desk, self._terms)
                self._watches[pk].start()
                self._listen_to(plan)

    def _listen_to(self, plan: CameraPlan) -> None:
        if plan.onvif_url:
            self._ears[plan.pk] = Ear(plan, self._desk, self._terms)
            self._ears[plan.pk].start()

    def _end(self, pks: list[int]) -> None:
        """Ask all to end before waiting for any: one that is stuck in a dead stream is left to end
        by itself."""
        ending: list[Watch | Ear] = [self._watches.pop(pk) for pk in pks]
        ending += [self._ears.pop(pk) for pk in pks if pk in self._ears]
        for watch in ending:
            watch.ended.set()
        for watch in ending:
            watch.join(timeout=1)

    def _hand_on_wishes(self) -> None:
        try:
            for pk in stills.wanted(list(self._watches)):
                self._watches[pk].wants_still.set()
        except OSError as error:
            logger.warning("stills cannot be asked for, Redis is away (%s)", error)
