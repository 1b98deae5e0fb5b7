"""One camera, watched by one thread: ask, look, tell, and ask again when it is lost."""

import logging
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random

from apps.base import clock
from devices.adapters.video import Lost, Picture, Refused, Stream, Terms, video_adapters
from devices.cameras import stills
from devices.cameras.budget import Pace, Patience
from devices.cameras.desk import Desk
from devices.cameras.looking import Looking
from devices.cameras.plans import CameraPlan
from devices.cameras.telling import Row, Teller, instant
from devices.cameras.timeline import Timeline
from devices.models import CameraState
from devices.services.camera_events import note_sight
from devices.services.camera_health import keep_reference, note_health, note_rates
from devices.vision.findings import Findings

RATES_EVERY_S = 10.0
ASLEEP_S = 5.0
# A picture may lie so far behind its time before the next ones are passed over.
LAG_S = 1.5
ASPECT_TOLERANCE = 0.02
Health = CameraState.Health
logger = logging.getLogger(__name__)


@dataclass
class _Rates:
    """What was read and looked at since the last report."""

    begun_s: float = field(default_factory=time.monotonic)
    cpu_s: float = field(default_factory=time.thread_time)
    read: int = 0
    analysed: int = 0

    def told(self) -> dict[str, float]:
        passed_s = max(time.monotonic() - self.begun_s, 1e-3)
        return {
            "read_fps": round(self.read / passed_s, 2),
            "analysed_fps": round(self.analysed / passed_s, 2),
            "load": round((time.thread_time() - self.cpu_s) / passed_s, 3),
        }


class Watch(threading.Thread):
    """Nothing that one camera does is felt by another."""

    def __init__(self, plan: CameraPlan, desk: Desk, terms: Terms) -> None:
        super().__init__(name=f"camera-{plan.code}", daemon=True)
        self.plan = plan
        self.ended = threading.Event()
        self.wants_still = threading.Event()
        self._desk, self._terms = desk, replace(terms, most_fps=plan.decode_fps)
        self._teller = Teller(plan)
        self._patience = Patience(Random(plan.pk))
        self._health: tuple[str, str] = ("", "")
        self._connections = 0

    def run(self) -> None:
        try:
            self._looking = Looking(self.plan)
        except ValueError as error:
            self._unfit(str(error))
            return
        while not self.ended.is_set():
            if self.plan.is_awake(clock.now()):
                self._attend()
            else:
                self._note(Health.ASLEEP)
                self.ended.wait(ASLEEP_S)

    def _unfit(self, reason: str) -> None:
        """What is drawn or set for it makes no sense: say so until somebody changes it."""
        while not self.ended.is_set():
            self._note(Health.REFUSED, reason)
            self.ended.wait(ASLEEP_S)

    def _attend(self) -> None:
        """One connection, from its beginning to its loss. A single loss is no news."""
        try:
            opener = video_adapters.load(self.plan.kind)
            with closing(opener(self.plan.url, self._terms)) as stream:
                self._connections += 1
                self._follow(stream)
        except Refused as error:
            self._note(Health.REFUSED, str(error))
            self._patience.failures = 16
        except Lost as error:
            self._lost(str(error))
        except Exception as error:
            logger.exception("camera %s could not be watched", self.plan.code)
            self._lost(f"{type(error).__name__}")
        self.ended.wait(self._patience.next_s())

    def _lost(self, reason: str) -> None:
        logger.info("camera %s is lost: %s", self.plan.code, reason)
        if self._patience.failures:
            self._note(Health.AWAY, reason)

    def _follow(self, stream: Stream) -> None:
        timeline, rates = Timeline(), _Rates()
        pace = Pace(min(self.plan.analyse_fps, self.plan.decode_fps))
        while not self.ended.is_set() and self.plan.is_awake(clock.now()):
            pts_s = stream.grab()
            now_s = clock.now().timestamp()
            at_s = timeline.at(pts_s, now_s)
            rates.read += 1
            if pace.lets(at_s) and now_s - at_s < LAG_S:
                self._look(stream.retrieve(), at_s)
                self._patience.forget()
                rates.analysed += 1
            if time.monotonic() - rates.begun_s >= RATES_EVERY_S:
                rates = self._tell_rates(rates, at_s)

    def _look(self, picture: Picture, at_s: float) -> None:
        height, width = picture.shape[:2]
        if self._is_resized(width, height):
            self._note(Health.RESIZED, f"{width} × {height}", at_s)
            return
        found = self._looking.step(picture, at_s)
        self._note(found.health.reason.value or Health.OK, at_s=at_s)
        self._say(self._teller.findings(found))
        self._tell_events(found, picture)
        if self.wants_still.is_set():
            self.wants_still.clear()
            self._hand_over(self._looking.still(picture))
        self._desk_keeps(picture, at_s, found)

    def _is_resized(self, width: int, height: int) -> bool:
        """What was drawn was drawn for another shape of picture."""
        drawn = self.plan.aspect
        return drawn is not None and abs(width / height / drawn - 1) > ASPECT_TOLERANCE

    def _desk_keeps(self, picture: Picture, at_s: float, found: Findings) -> None:
        """How the view looked, once; pictures of bays, while they are collected."""
        if reference := self._looking.new_reference():
            self._desk.do(
                partial(
                    keep_reference, camera_id=self.plan.pk, revision=self.plan.revision,
                    reference=reference,
                )
            )  # fmt: skip
        for deed in self._looking.collected(picture, at_s, found):
            self._desk.do(deed)

    def _tell_events(self, found: Findings, picture: Picture) -> None:
        for sight in self._looking.sights(found, picture):
            self._desk.do(partial(note_sight, camera_id=self.plan.pk, sight=sight))

    def _hand_over(self, still: bytes) -> None:
        try:
            stills.hand_over(self.plan.pk, still)
        except OSError as error:
            logger.warning("a still found no way (%s)", error)

    def _note(self, health: str, reason: str = "", at_s: float | None = None) -> None:
        """Say how it does: as news when it is, as a sign of life by its datastream."""
        if (health, reason) != self._health:
            self._health = (health, reason)
            self._desk.do(
                partial(note_health, camera_id=self.plan.pk, health=health, reason=reason)
            )
        told_s = clock.now().timestamp() if at_s is None else at_s
        self._say(self._teller.health(told_s, sees=health not in CameraState.BLIND))

    def _say(self, rows: list[Row]) -> None:
        if rows:
            self._desk.say(self.plan.gateway, rows)

    def _tell_rates(self, rates: _Rates, at_s: float) -> _Rates:
        told = rates.told() | {"reconnects": max(self._connections - 1, 0)}
        self._desk.do(partial(note_rates, camera_id=self.plan.pk, seen_at=instant(at_s), **told))
        return _Rates()
