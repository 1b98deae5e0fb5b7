"""The guidance socket: real frames, a real obstruction in between, a drop."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from apps.base.clock import Hand
from apps.navigation.models import GraphBuild
from apps.navigation.services.guidance import open_session
from citizen.asgi import application
from tests.navigation.conftest import serve_dalbit
from tests.navigation.test_guidance import line_of, soras_route
from tests.navigation.test_town import break_lift
from tests.navigation.walking import as_order, positions
from tests.support.asgi import Socket


@pytest.fixture
def open_town(transactional_db: None, hand: Hand, graphs_folder: Any, settings: Any) -> GraphBuild:
    return serve_dalbit(graphs_folder, settings)


async def heard(socket: Socket, kind: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Receive until a message of a kind comes; it, and what came before."""
    before: list[dict[str, Any]] = []
    while True:
        message = await socket.receive()
        if message["type"] == kind:
            return message, before
        before.append(message)


async def _walk_through(path: str, line: list[list[float]]) -> None:
    steps = list(positions(line))
    socket = Socket(application, path)
    assert await socket.connect()
    first, _ = await heard(socket, "session")
    assert first["state"] == "leading"
    for step in steps[:20]:
        await socket.send(as_order(step))
        await heard(socket, "progress")
    await sync_to_async(break_lift)()
    turned, _ = await heard(socket, "reroute")
    assert turned["route"]["properties"]["length_m"] > 500
    await socket.close()

    again = Socket(application, path)
    assert await again.connect()
    state, _ = await heard(again, "session")
    assert state["number"] == turned["number"]
    assert state["route"]["id"] == turned["route"]["id"]
    await again.send({"type": "resume", "heard": turned["number"] - 1})
    repeated, _ = await heard(again, "reroute")
    assert repeated == turned
    await again.send({"type": "dance"})
    problem, _ = await heard(again, "problem")
    assert problem["problem"]["type"] == "/problems/malformed"
    await again.send(as_order(steps[5]))
    await again.send({"type": "resume", "heard": 0})
    message, _ = await heard(again, "cue")
    assert message["number"] == 1
    await again.close()
    await sync_to_async(connections.close_all)()


def test_the_socket_leads_turns_and_resumes(open_town: GraphBuild) -> None:
    session = open_session(route=soras_route().code, person=None)
    path = f"/ws/navigation/sessions/{session.code}/"
    asyncio.run(_walk_through(path, line_of(session)))


def test_a_session_that_is_not_there_is_refused(open_town: GraphBuild) -> None:
    async def knock() -> bool:
        code = "00000000-0000-4000-8000-000000000000"
        opened = await Socket(application, f"/ws/navigation/sessions/{code}/").connect()
        await sync_to_async(connections.close_all)()
        return opened

    assert not asyncio.run(knock())
