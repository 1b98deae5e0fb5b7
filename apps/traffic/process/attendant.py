"""One junction's task: look at its controller, and once a second decide what it should do."""

import asyncio
import uuid
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from apps.base import clock
from apps.base.threads import in_thread
from apps.traffic.core import guard, horizon, priority, queues, sense
from apps.traffic.core.guard import Aspect, State
from apps.traffic.core.layout import Stream
from apps.traffic.core.observing import (
    Orders,
    Shown,
    admitted_ends_s,
    beginnings,
    observed,
    orders,
)
from apps.traffic.core.queues import Queue
from apps.traffic.models import Junction, JunctionState, SignalCommand
from apps.traffic.process.voice import Voice
from apps.traffic.selectors.control import Task, as_demands, task_of
from apps.traffic.services.control import record_command
from apps.traffic.services.minutes import Tally, note_minute
from apps.traffic.services.rhythms import note_green
from apps.traffic.services.states import Heard, note_state, note_trouble
from apps.traffic.services.watches import Counted, note_counts
from apps.traffic.snapshot import Plan
from devices.adapters.ntcip1202.adapter import Command, Reading, Senseless
from devices.protocols.ntcip1202 import Colour, Walking
from devices.services.controllers import speaker_for
from devices.snmp.asking import Asking
from devices.snmp.link import Declined, Silent, WrongAnswer

DECIDE_S = 1.0
COUNT_S = 15.0
DISTRUST_S = 30.0  # after it showed what cannot be
REFRESH = timedelta(seconds=1)  # an unchanged state is written again, for its age
Health = JunctionState.Health
Outcome = SignalCommand.Outcome

_VEHICLES = {Colour.GREEN: Aspect.GREEN, Colour.YELLOW: Aspect.CLEARING}
_WALKERS = {Walking.WALK: Aspect.GREEN, Walking.CLEARING: Aspect.CLEARING}


class Attendant:
    """One junction's task: look, and once a second decide."""

    def __init__(self, link: Asking, junction: Junction, plan: Plan, holder: uuid.UUID) -> None:
        assert junction.controller is not None
        self._junction, self._plan = junction, plan
        row = junction.controller
        stages = [frozenset(plan.phases[group] for group in stage) for stage in plan.layout.stages]
        self._controller = speaker_for(row, link, stages=stages)
        self._poll_s = row.poll_s
        self._state: State | None = None
        self._looked_s = 0.0
        self._began: tuple[float | None, ...] = ()
        self._queues = [Queue() for _ in plan.approaches]
        self._present: frozenset[int] = frozenset()
        self._written: tuple[datetime, Any] | None = None
        self._voice = Voice(self._controller, junction, holder)
        self._counted_s = float("-inf")
        self._dark: set[int] = set()  # walkers' heads of which the controller says nothing
        self._preempted: frozenset[int] = frozenset()
        self._aside_for: frozenset[int] = frozenset()
        self._distrust = ("", float("-inf"))
        self._minute: datetime | None = None
        self._tally = Tally()

    async def attend(self) -> None:
        decided_s = float("-inf")
        while True:
            now_s = asyncio.get_running_loop().time()
            if await self.look(now_s) and now_s - decided_s >= DECIDE_S:
                decided_s = now_s
                await self.decide(now_s)
            spent_s = asyncio.get_running_loop().time() - now_s
            await asyncio.sleep(max(0.0, self._poll_s - spent_s))

    # ------------------------------------------------------------ look

    async def look(self, now_s: float) -> bool:
        """Read and write down what the controller shows. Whether it makes sense."""
        try:
            reading = await self._controller.read()
            present = await self._controller.presence()
        except Silent as error:
            await self._trouble(Health.SILENT, str(error))
            return False
        except (Senseless, WrongAnswer, Declined) as error:
            await self._trouble(Health.SENSELESS, str(error))
            return False
        before, before_s = self._state, now_s if self._state is None else self._looked_s
        shown = self._shown(reading)
        self._state = observed(self._plan.layout, before, shown, now_s)
        if await self._is_distrusted(before, before_s, now_s):
            return False
        self._began = beginnings(before, self._state, self._began, looked_s=before_s)
        self._move_queues(shown, present, before_s, now_s)
        self._looked_s = now_s
        self._preempted = reading.preempted
        await self._write(reading, now_s)
        await self._note_greens(before)
        await self._count(now_s)
        return reading.is_healthy()

    async def _is_distrusted(self, before: State | None, before_s: float, now_s: float) -> bool:
        """Whether it shows what cannot be, or did of late. It is left to itself meanwhile."""
        assert self._state is not None
        layout = self._plan.layout
        why = sense.fault(layout, before, self._state, before_s=before_s, now_s=now_s)
        if why:
            self._distrust = (why, now_s + DISTRUST_S)
        why, until_s = self._distrust
        if now_s >= until_s:
            return False
        self._looked_s = now_s
        await self._write_trouble(Health.SENSELESS, why)
        await self.let_go()
        return True

    async def _count(self, now_s: float) -> None:
        """What detectors counted, now and then. A controller that keeps no counts is no trouble."""
        if not self._plan.detectors or now_s - self._counted_s < COUNT_S:
            return
        self._counted_s = now_s
        try:
            counts = await self._controller.count()
        except (Silent, Senseless, WrongAnswer, Declined):
            return
        counted = [
            Counted(one.detector, float(one.volume), one.occupancy)
            for one in counts.detectors
            if one.volume is not None and one.occupancy is not None
        ]
        await in_thread(note_counts)(
            junction=self._junction, sequence=counts.sequence, period_s=float(counts.period_s),
            counted=counted,
        )  # fmt: skip

    async def _note_greens(self, before: State | None) -> None:
        """When green men came, for whoever plans to walk here."""
        if before is None or self._state is None:
            return
        for group, plan in enumerate(self._plan.layout.groups):
            came = self._state.groups[group].aspect is Aspect.GREEN
            if (
                plan.stream is Stream.WALKERS
                and came
                and before.groups[group].aspect is not Aspect.GREEN
            ):
                called_s = before.groups[group].called_s
                if called_s is not None:
                    self._tally.walker(self._state.groups[group].since_s - called_s)
                await in_thread(note_green)(
                    junction=self._junction, number=self._plan.numbers[group], at=clock.now()
                )

    def _shown(self, reading: Reading) -> dict[int, Shown]:
        phases = {phase.phase: phase for phase in reading.phases}
        shown: dict[int, Shown] = {}
        self._dark = set[int]()
        for group, number in enumerate(self._plan.phases):
            phase = phases[number]
            if self._plan.layout.groups[group].stream is Stream.VEHICLES:
                aspect = _VEHICLES.get(phase.vehicles, Aspect.RED)
                shown[group] = Shown(aspect, phase.vehicle_call)
            else:
                aspect = _WALKERS.get(phase.walkers, Aspect.RED)
                if phase.walkers is Walking.DARK:
                    self._dark.add(group)
                shown[group] = Shown(aspect, phase.pedestrian_call)
        return shown

    def _move_queues(
        self, shown: dict[int, Shown], present: frozenset[int], before_s: float, now_s: float
    ) -> None:
        assert self._state is not None
        arrived = present - self._present
        self._present = present
        for m, approach in enumerate(self._plan.approaches):
            group = self._state.groups[approach.group]
            green = group.since_s if group.aspect is Aspect.GREEN else None
            self._queues[m] = queues.moved(
                approach, self._queues[m], before_s=before_s, now_s=now_s,
                passed=int(self._plan.detectors[m] in arrived), green_since_s=green,
                calling=shown[approach.group].calling,
            )  # fmt: skip
            self._tally.vehicles += int(self._plan.detectors[m] in arrived)
            self._tally.waited_s += self._queues[m].standing * (now_s - before_s)

    async def _write(self, reading: Reading, now_s: float) -> None:
        assert self._state is not None
        at = clock.now()
        groups = [
            self._group_row(group, at, now_s)
            for group in range(len(self._plan.phases))
            if group not in self._dark
        ]
        health = Health.WELL if reading.is_healthy() else Health.FLASHING
        said = (groups, health, reading.preempted)
        if self._written is not None:
            written_at, what = self._written
            if what == said and at - written_at < REFRESH:
                return
        self._written = (at, said)
        heard = Heard(
            at=at,
            health=health,
            groups=groups,
            stage=self._state.stage,
            control=reading.control.name.lower(),
            pattern=reading.pattern,
            preempted=sorted(reading.preempted),
        )
        await in_thread(note_state)(junction=self._junction, heard=heard)

    def _group_row(self, group: int, at: datetime, now_s: float) -> dict[str, Any]:
        assert self._state is not None
        shown, plan = self._state.groups[group], self._plan.layout.groups[group]
        least_s, most_s = admitted_ends_s(
            self._plan.layout, self._state, group, began_s=self._began[group]
        )

        def instant(moment_s: float | None) -> str | None:
            if moment_s is None:
                return None
            instant = at + timedelta(seconds=moment_s - now_s)
            return instant.replace(microsecond=instant.microsecond // 100_000 * 100_000).isoformat()

        return {
            "group": self._plan.numbers[group],
            "stream": plan.stream.value,
            "aspect": shown.aspect.value,
            "since_at": instant(shown.since_s),
            "min_end_at": instant(least_s),
            "max_end_at": instant(most_s),
        }

    async def _trouble(self, health: JunctionState.Health, why: str) -> None:
        self._state = None  # what was green long ago says nothing about now
        await self._write_trouble(health, why)

    async def _write_trouble(self, health: JunctionState.Health, why: str) -> None:
        if self._written is None or self._written[1] != (health, why):
            self._written = (clock.now(), (health, why))
            await in_thread(note_trouble)(junction=self._junction, health=health, trouble=why)

    # ------------------------------------------------------------ decide

    async def decide(self, now_s: float) -> None:
        """1. what is asked of us; 2. a preemption, then a pattern ordered, comes before all; 3. the
        strategy's wish, or the stage of a vehicle on an emergency; 4. what the guard permits."""
        task = await in_thread(task_of)(self._junction)
        await self._close_minute(task.mode)
        if await self._stands_aside(task) or await self._runs_pattern(task):
            return
        if task.mode == Junction.Mode.LOCAL:
            await self.let_go()
            return
        assert self._state is not None
        demands = as_demands(task, self._plan.numbers, clock.now())
        wish = self._wish(now_s, demands)
        urgent = priority.urgent_stage(self._plan.layout, self._state, demands)
        permitted = guard.permit(
            self._plan.layout, self._state, now_s, wish.stage if urgent is None else urgent
        )
        wanted, why = permitted.stage, permitted.why
        if urgent is not None and wanted == urgent:
            why = "a vehicle on an emergency comes"
        elif wanted == wish.stage and any(demand.counts for demand in demands):
            why = f"{why}, with a bus or tram coming"
        changes = wanted != self._state.stage
        outcome = Outcome.SHADOW
        if task.mode == Junction.Mode.ADAPTIVE:
            told = orders(self._plan.layout, present=self._state.stage, wanted=wanted)
            outcome = await self._voice.command(self._as_phases(told))
        if changes or outcome in (Outcome.REFUSED, Outcome.UNHEARD):
            await in_thread(record_command)(
                junction=self._junction, stage=self._state.stage, wanted=wanted,
                why=why, outcome=outcome, cost=wish.cost, cost_of_staying=wish.cost_of_staying,
            )  # fmt: skip

    async def _stands_aside(self, task: Task) -> bool:
        """While a railway or a fire station preempts the controller nobody else may command it.
        Where we would have, it is written down when that begins and when it ends."""
        running, before = self._preempted, self._aside_for
        self._aside_for = running
        speaks = task.mode != Junction.Mode.LOCAL or task.pattern is not None
        if running != before and speaks:
            numbers = ", ".join(map(str, sorted(running)))
            told = f"preemption {numbers}: the strategy stands aside"
            await self._record(told if running else "preemption is over", Outcome.ASIDE)
        if running:
            await self._voice.end_pattern()
            await self._voice.let_go()
        return bool(running)

    async def _runs_pattern(self, task: Task) -> bool:
        """Whether staff's pattern is being run; once it is over the controller is given back."""
        if task.pattern is None:
            await self._voice.end_pattern()
            return False
        is_new = task.pattern != self._voice.pattern
        outcome = await self._voice.run_pattern(task.pattern)
        if is_new or outcome is not Outcome.OBEYED:
            await self._record(f"pattern {task.pattern} was ordered", outcome)
        return True

    async def _record(self, why: str, outcome: SignalCommand.Outcome) -> None:
        """Something that leaves the junction in the stage it is in."""
        assert self._state is not None
        stage = self._state.stage
        await in_thread(record_command)(
            junction=self._junction, stage=stage, wanted=stage, why=why, outcome=outcome
        )

    async def _close_minute(self, mode: str) -> None:
        minute = clock.now().replace(second=0, microsecond=0)
        if self._minute is not None and minute > self._minute:
            tally, self._tally = self._tally, Tally()
            await in_thread(note_minute)(
                junction=self._junction, at=self._minute, mode=mode, tally=tally
            )
        self._minute = minute

    def _wish(self, now_s: float, demands: list[priority.Demand]) -> horizon.Wish:
        assert self._state is not None
        weight = np.ones(len(self._plan.approaches))
        seen = queues.seen(
            self._plan.approaches, self._queues, stage=self._state.stage,
            green_s=now_s - self._state.since_s, now_s=now_s, weight=weight,
        )  # fmt: skip
        return horizon.wish(
            self._plan.signals, priority.weighed(seen, self._plan.approaches, demands)
        )

    def _as_phases(self, wanted: Orders) -> Command:
        def phases(groups: frozenset[int]) -> frozenset[int]:
            return frozenset(self._plan.phases[group] for group in groups)

        hold, omit = phases(wanted.hold), phases(wanted.omit)
        kept = phases(frozenset(range(len(self._plan.phases))) - wanted.omit)
        return Command(
            hold=hold,
            force_off=phases(wanted.force_off),
            omit=omit - kept,
            call=phases(wanted.call),
        )

    async def let_go(self) -> None:
        """Give the junction back to its own programme."""
        await self._voice.let_go()
