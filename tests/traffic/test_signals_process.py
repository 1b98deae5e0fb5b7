"""The signals process and a controller that speaks real SNMP: seen, commanded, given back.

Seconds are played, not waited for: controller and process are told the same time.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client

from apps.base import clock
from apps.base.clock import Hand
from apps.base.models import AuditEntry
from apps.base.problems import Conflict, Invalid
from apps.traffic.core import guard
from apps.traffic.core.guard import Aspect, GroupState
from apps.traffic.models import (
    Junction,
    JunctionMinute,
    JunctionState,
    PriorityRequest,
    SignalCommand,
    SignalGroup,
)
from apps.traffic.process.attendant import Attendant
from apps.traffic.selectors.crossings import showing
from apps.traffic.services.control import end_pattern, order_pattern, switch_mode, take_lease
from apps.traffic.services.priority import NotGranted, grant_priority, request_priority
from apps.traffic.snapshot import load_plan
from benchmarks.signals.crossroads import settle
from benchmarks.signals.referee import CROSSROADS, Referee
from citizen.demo.signals.controller import FieldController, wired
from devices.models import Gateway, SignalController
from devices.protocols import ntcip1202, spat
from devices.protocols.snmp import ber, messages
from devices.protocols.snmp.ber import Absent
from devices.protocols.snmp.messages import Message, Pdu
from devices.protocols.spat import EventState
from devices.simulators.snmp_agent import Address, SnmpAgent, Table
from devices.snmp.link import Link
from tests.devices.conftest import found_city

SPLIT_S = 20.0
WALKERS = SignalGroup.Stream.WALKERS
VEHICLES = SignalGroup.Stream.VEHICLES


@dataclass
class Street:
    """A junction in the rows, its controller in the street, and the process between them."""

    junction: Junction
    field: FieldController
    agent: SnmpAgent
    attendant: Attendant
    now_s: float = 0.0

    async def play(
        self, seconds: int, *, calls: Callable[[int], set[int]] = lambda _s: set()
    ) -> list[tuple[Aspect, ...]]:
        """Second by second; returns what the street showed."""
        shown = []
        for second in range(seconds):
            self.now_s += 1.0
            self.field.tick(self.now_s, frozenset(calls(second)))
            if await self.attendant.look(self.now_s):
                await self.attendant.decide(self.now_s)
            shown.append(self.field.state.aspects())
        return shown

    async def switch(self, *modes: str) -> None:
        for mode in modes:
            await sync_to_async(switch_mode)(junction=self.junction, mode=mode, actor="staff:park")


def _settled(address: tuple[str, int]) -> Junction:
    found_city()
    return settle(address)


def attended(link: Link, junction: Junction) -> Attendant:
    row = Junction.objects.select_related("controller").get(pk=junction.pk)
    return Attendant(link, row, load_plan(row), uuid.uuid4())


@pytest.fixture
async def street(transactional_db: None) -> AsyncIterator[Street]:
    field = FieldController(CROSSROADS, wired(CROSSROADS), (SPLIT_S, SPLIT_S), backup_s=5)
    agent = SnmpAgent(field)
    address = await agent.open()
    junction = await sync_to_async(_settled)(address)
    link = await Link.open()
    attendant = await sync_to_async(attended)(link, junction)
    street = Street(junction, field, agent, attendant)
    yield street
    await link.close()
    await street.agent.close()
    await sync_to_async(connections.close_all)()


async def state_of(junction: Junction) -> JunctionState:
    return await JunctionState.objects.aget(junction=junction)


async def test_what_the_street_shows_stands_in_the_row(street: Street) -> None:
    await street.play(5)
    state = await state_of(street.junction)
    assert state.health == JunctionState.Health.WELL
    assert [group["aspect"] for group in state.groups] == ["green", "red", "red", "red"]


async def test_left_alone_it_keeps_its_own_programme(street: Street) -> None:
    shown = await street.play(50)
    assert not street.field.is_commanded
    assert Aspect.GREEN in {aspects[1] for aspects in shown}
    assert await SignalCommand.objects.acount() == 0


async def test_in_shadow_it_decides_and_commands_nothing(street: Street) -> None:
    await street.switch("shadow")
    street.field.splits_s = (300.0, 300.0)
    street.field.present = frozenset({2})
    await street.play(30, calls=lambda _s: {1})
    assert not street.field.is_commanded
    decided = [command async for command in SignalCommand.objects.all()]
    assert decided
    assert {command.outcome for command in decided} == {"shadow"}


async def test_it_lets_the_queue_go_first(street: Street) -> None:
    """The own programme would stay for five minutes where nobody comes."""
    await street.switch("shadow", "adaptive")
    street.field.splits_s = (300.0, 300.0)

    def cars(second: int) -> set[int]:
        street.field.present = frozenset({2}) if second % 2 else frozenset()
        return {1}

    shown = await street.play(60, calls=cars)

    assert Aspect.GREEN in {aspects[1] for aspects in shown}
    command = await SignalCommand.objects.order_by("at").afirst()
    assert command is not None
    assert (command.outcome, command.wanted) == ("obeyed", 1)
    assert command.cost is not None
    assert command.cost_of_staying is not None
    assert command.cost < command.cost_of_staying


async def test_under_command_nobody_crosses_anybody(street: Street) -> None:
    await street.switch("shadow", "adaptive")
    referee = Referee(CROSSROADS)

    def everybody(second: int) -> set[int]:
        referee.see(street.field.state, street.now_s, set())
        street.field.present = frozenset({1 + second % 2})
        return {0, 1, 2, 3}

    await street.play(150, calls=everybody)
    assert street.field.is_commanded
    assert (referee.conflicts, referee.broken_minimums) == (0, 0)


async def test_when_we_die_the_controller_takes_itself_back(street: Street) -> None:
    await street.switch("shadow", "adaptive")
    await street.play(20)
    assert street.field.is_commanded
    for _ in range(street.field.backup_s):
        street.now_s += 1.0
        street.field.tick(street.now_s)
    assert not street.field.is_commanded


async def test_switched_back_to_local_it_lets_go_at_once(street: Street) -> None:
    await street.switch("shadow", "adaptive")
    await street.play(20)
    await street.switch("local")
    await street.play(1)
    assert await Junction.objects.filter(lease__isnull=False).acount() == 0
    assert not any(any(told) for told in street.field._told.values())


async def test_it_commands_nothing_while_another_process_does(street: Street) -> None:
    await street.switch("shadow", "adaptive")
    taken = await sync_to_async(take_lease)(junction=street.junction, holder=uuid.uuid4())
    assert taken
    await street.play(20)
    assert not street.field.is_commanded


@pytest.mark.parametrize("backup_s", [0, 61])
async def test_a_controller_that_would_not_take_itself_back_is_not_commanded(
    street: Street, backup_s: int
) -> None:
    street.field.backup_s = backup_s
    await street.switch("shadow", "adaptive")
    await street.play(3)
    assert not street.field.is_commanded
    command = await SignalCommand.objects.afirst()
    assert command is not None
    assert command.outcome == "refused"


async def test_a_silent_controller_is_known_to_be_and_its_countdown_ends(street: Street) -> None:
    await street.play(3)
    await street.agent.close()
    assert not await street.attendant.look(street.now_s + 1)
    state = await state_of(street.junction)
    assert state.health == JunctionState.Health.SILENT
    response = await sync_to_async(Client().get)("/api/v1/traffic/spat")
    assert response.json()["value"]["SPAT"]["intersections"] == []


class TwoColours(Table):
    """Everything lit at once."""

    def read(self, oid: tuple[int, ...]) -> Any:
        return 255 if oid[:-2] == ntcip1202.PHASE_STATUS else 2


async def test_a_senseless_controller_is_unhealthy_with_the_reason(street: Street) -> None:
    street.agent.objects = TwoColours({})
    assert not await street.attendant.look(1.0)
    state = await state_of(street.junction)
    assert (state.health, "more than one colour" in state.trouble) == ("senseless", True)


class OtherObjects(SnmpAgent):
    """Its answers are about something else."""

    def answer(self, message: Message) -> Pdu:
        said = super().answer(message)
        return replace(said, bindings=tuple(((*oid, 9), value) for oid, value in said.bindings))


class Stammering(SnmpAgent):
    """Says everything twice, the second time as the answer to whatever comes next."""

    last: bytes = b""

    def datagram_received(self, data: bytes, address: Address) -> None:
        assert self._transport is not None
        if self.last:
            self._transport.sendto(self.last, address)
        message = messages.decode(data)
        assert isinstance(message, Message)
        self.last = messages.encode(replace(message, pdu=self.answer(message)))
        self._transport.sendto(self.last, address)
        self._transport.sendto(self.last, address)


async def speaking_as(street: Street, kind: type[SnmpAgent]) -> Street:
    """The same controller behind an agent that misbehaves."""
    await street.agent.close()
    street.agent = kind(street.field)
    host, port = await street.agent.open()
    await SignalController.objects.aupdate(host=host, port=port)
    link = street.attendant._controller._link
    assert isinstance(link, Link)
    street.attendant = await sync_to_async(attended)(link, street.junction)
    return street


async def test_whoever_answers_with_other_objects_is_left_to_itself(street: Street) -> None:
    await speaking_as(street, OtherObjects)
    await street.switch("shadow", "adaptive")
    await street.play(5, calls=lambda _s: {1})
    state = await state_of(street.junction)
    assert (state.health, "other objects" in state.trouble) == ("senseless", True)
    assert not street.field.is_commanded


async def test_what_is_said_again_counts_once(street: Street) -> None:
    await speaking_as(street, Stammering)
    await street.switch("shadow", "adaptive")
    shown = await street.play(20, calls=lambda _s: {1})
    state = await state_of(street.junction)
    assert state.health == JunctionState.Health.WELL
    assert tuple(group["aspect"] for group in state.groups) == tuple(a.value for a in shown[-1])
    assert street.field.is_commanded


async def test_one_that_repeats_itself_for_ever_is_not_commanded(street: Street) -> None:
    await street.switch("shadow", "adaptive")
    await street.play(10, calls=lambda _s: {1})
    assert street.field.is_commanded
    for _ in range(25):  # it stands still, and answers
        street.now_s += 10.0
        if await street.attendant.look(street.now_s):
            await street.attendant.decide(street.now_s)
    state = await state_of(street.junction)
    assert (state.health, "repeats" in state.trouble) == ("senseless", True)
    assert await Junction.objects.filter(lease__isnull=False).acount() == 0
    await street.play(1)
    assert not any(any(told) for told in street.field._told.values())


async def test_one_that_jumps_in_time_is_left_alone_for_a_while(street: Street) -> None:
    await street.switch("shadow", "adaptive")
    while street.field.state.groups[0].aspect is not Aspect.GREEN or street.now_s < 5:
        await street.play(1)
    assert street.field.is_commanded
    red, green = GroupState(Aspect.RED, street.now_s), GroupState(Aspect.GREEN, street.now_s)
    street.field.state = guard.State(1, street.now_s, (red, green, red, red))
    await street.play(3)
    state = await state_of(street.junction)
    assert (state.health, "jumped" in state.trouble) == ("senseless", True)
    assert not any(any(told) for told in street.field._told.values())
    await street.play(31)
    assert (await state_of(street.junction)).health == JunctionState.Health.WELL
    assert street.field.is_commanded


async def test_one_that_lets_go_who_cross_is_not_believed(street: Street) -> None:
    green = GroupState(Aspect.GREEN, street.now_s)
    street.field.state = guard.State(0, street.now_s, (green,) * 4)
    await street.switch("shadow", "adaptive")
    assert not await street.attendant.look(1.0)
    state = await state_of(street.junction)
    assert (state.health, "cross" in state.trouble) == ("senseless", True)
    response = await sync_to_async(Client().get)("/api/v1/traffic/spat")
    assert response.json()["value"]["SPAT"]["intersections"] == []
    assert not street.field.is_commanded


async def test_spat_says_what_the_street_shows(street: Street) -> None:
    await street.play(2)
    response = await sync_to_async(Client().get)("/api/v1/traffic/spat")
    (read,) = spat.decode(response.json(), now=clock.now())
    assert read.id == 12109
    assert read.movements[0].state is EventState.PROTECTED_ALLOWED
    assert read.movements[1].state is EventState.STOP_AND_REMAIN


async def test_shadow_comes_before_command(street: Street) -> None:
    with pytest.raises(Conflict):
        await street.switch("adaptive")


async def test_many_looks_write_one_row(street: Street) -> None:
    await asyncio.gather(street.play(1), street.play(1))
    assert await JunctionState.objects.acount() == 1


async def test_a_vehicle_on_an_emergency_comes_first(street: Street) -> None:
    await street.switch("shadow", "adaptive")
    street.field.splits_s = (300.0, 300.0)
    await street.play(3, calls=lambda _s: {0})
    gateway = await Gateway.objects.aget(code="signals")
    await sync_to_async(grant_priority)(gateway=gateway, kinds=["emergency"], actor="staff:park")
    ask = sync_to_async(request_priority)
    now = clock.now()
    await ask(
        gateway_id=gateway.pk, junction="j01", group=2, kind="emergency", reference="119-7",
        arrives_at=now + timedelta(seconds=15),
    )  # fmt: skip
    await ask(
        gateway_id=gateway.pk, junction="j01", group=2, kind="emergency", reference="119-7",
        arrives_at=now + timedelta(seconds=20),
    )  # fmt: skip
    assert await PriorityRequest.objects.acount() == 1
    shown = await street.play(30, calls=lambda _s: {0})
    assert Aspect.GREEN in {aspects[1] for aspects in shown}
    whys = {command.why async for command in SignalCommand.objects.filter(wanted=1)}
    assert "a vehicle on an emergency comes" in whys


async def test_whoever_was_granted_nothing_gets_nothing(street: Street) -> None:
    gateway = await Gateway.objects.aget(code="signals")
    with pytest.raises(NotGranted):
        await sync_to_async(request_priority)(
            gateway_id=gateway.pk, junction="j01", group=2, kind="bus", reference="b7",
            arrives_at=clock.now(),
        )  # fmt: skip
    assert await PriorityRequest.objects.acount() == 0
    refused = await AuditEntry.objects.aget(action="traffic.priority_refused")
    assert refused.actor == "gateway:signals"


async def test_staff_order_a_pattern_and_the_backup_timer_ends_it(street: Street) -> None:
    street.field.patterns = {7: (9.0, 60.0)}
    await Junction.objects.filter(pk=street.junction.pk).aupdate(patterns=[7])
    street.junction.patterns = [7]
    order = sync_to_async(order_pattern)
    until = clock.now() + timedelta(hours=1)
    with pytest.raises(Invalid):
        await order(junction=street.junction, pattern=255, until=until, actor="staff:park")
    await order(junction=street.junction, pattern=7, until=until, actor="staff:park")
    await street.play(5)
    state = await state_of(street.junction)
    assert state.pattern == 7
    for _ in range(7):  # we are silent: it takes itself back
        street.now_s += 1
        street.field.tick(street.now_s)
    assert not street.field.is_commanded
    await street.play(3)
    await sync_to_async(end_pattern)(junction=street.junction, actor="staff:park")
    await street.play(3)
    assert (await state_of(street.junction)).pattern == 254


@pytest.fixture
def railway(street: Street) -> Street:
    """The second preemption brings stage 1 and stays there."""
    street.field.preempt_stages = {2: 1}
    return street


def commanded(street: Street) -> bool:
    return street.field.is_commanded


async def whys(outcome: str) -> list[str]:
    told = SignalCommand.objects.filter(outcome=outcome).order_by("at")
    return [command.why async for command in told]


async def test_while_a_railway_preempts_the_strategy_stands_aside(railway: Street) -> None:
    await railway.switch("shadow", "adaptive")
    await railway.play(10)
    assert railway.field.is_commanded
    railway.field.preempted = frozenset({2})
    await railway.play(railway.field.backup_s + 1, calls=lambda _s: {0})
    assert not commanded(railway)
    assert await Junction.objects.filter(lease__isnull=False).acount() == 0
    before = await SignalCommand.objects.exclude(outcome="aside").acount()
    shown = await railway.play(60, calls=lambda _s: {0})
    assert {aspects[1] for aspects in shown[30:]} == {Aspect.GREEN}
    assert await SignalCommand.objects.exclude(outcome="aside").acount() == before

    railway.field.preempted = frozenset()
    await railway.play(2)
    assert commanded(railway)
    assert await whys("aside") == [
        "preemption 2: the strategy stands aside", "preemption is over",
    ]  # fmt: skip


async def test_a_preemption_is_shown_and_no_walker_counts_on_a_light(railway: Street) -> None:
    await railway.play(3)
    walkers = await railway.junction.groups.filter(stream=WALKERS).afirst()
    assert walkers is not None
    assert await sync_to_async(showing)(walkers)
    railway.field.preempted = frozenset({2})
    await railway.play(1)
    assert (await state_of(railway.junction)).preempted == [2]
    assert await sync_to_async(showing)(walkers) is None
    response = await sync_to_async(Client().get)("/api/v1/traffic/spat")
    assert response.json()["value"]["SPAT"]["intersections"][0]["status"] == "1000"
    railway.field.preempted = frozenset()
    await railway.play(1)
    assert (await state_of(railway.junction)).preempted == []


async def test_a_preemption_comes_before_a_pattern_of_staff(railway: Street) -> None:
    railway.field.patterns = {7: (9.0, 60.0)}
    railway.junction.patterns = [7]
    until = clock.now() + timedelta(hours=1)
    await sync_to_async(order_pattern)(
        junction=railway.junction, pattern=7, until=until, actor="staff:park"
    )
    await railway.play(2)
    assert (await state_of(railway.junction)).pattern == 7
    railway.field.preempted = frozenset({2})
    await railway.play(3)
    assert (await state_of(railway.junction)).pattern == 254
    railway.field.preempted = frozenset()
    await railway.play(3)
    assert (await state_of(railway.junction)).pattern == 7
    assert await whys("aside") == [
        "preemption 2: the strategy stands aside", "preemption is over",
    ]  # fmt: skip


class NoPreemptions(Table):
    """All as before, but preemptions are unknown to it."""

    def __init__(self, field: FieldController) -> None:
        super().__init__({})
        self.field = field

    def read(self, oid: tuple[int, ...]) -> Any:
        hidden = oid[:-1] == ntcip1202.PREEMPT_STATE
        return Absent(ber.NO_SUCH_INSTANCE) if hidden else self.field.read(oid)

    def write(self, bindings: Any) -> None:
        self.field.write(bindings)

    def refusal(self, oid: tuple[int, ...], value: Any) -> Any:
        return self.field.refusal(oid, value)


async def test_where_preemption_cannot_be_read_nothing_is_commanded(street: Street) -> None:
    street.agent.objects = NoPreemptions(street.field)
    await street.switch("shadow", "adaptive")
    await street.play(10, calls=lambda _s: {1})
    assert not street.field.is_commanded
    state = await state_of(street.junction)
    assert (state.health, "is no number" in state.trouble) == ("senseless", True)


async def test_minutes_are_kept_to_judge_by(street: Street, hand: Hand) -> None:
    street.field.splits_s = (300.0, 300.0)

    def cars(second: int) -> set[int]:
        hand.move(timedelta(seconds=1))
        street.field.present = frozenset({2}) if second % 4 == 0 else frozenset()
        return {1, 3}

    await street.play(130, calls=cars)
    kept = [row async for row in JunctionMinute.objects.order_by("at")]
    assert len(kept) >= 2
    assert kept[1].vehicles == 15
    assert kept[1].waited_s > 100
    assert {row.mode for row in kept} == {"local"}
