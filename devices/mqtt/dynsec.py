"""Mosquitto's dynamic-security plugin: who may connect, and who may speak where.

Commands and answers are JSON on the `$CONTROL` topics (mosquitto.org/documentation/
dynamic-security). Every command here may be repeated: that something is there already, or gone
already, is no error.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from devices.mqtt.link import connected

CONTROL = "$CONTROL/dynamic-security/v1"
ANSWERS = f"{CONTROL}/response"
PATIENCE_S = 10.0
_HARMLESS = ("already exists", "not found")

Command = dict[str, Any]


class CommandRefused(Exception):
    """The plugin would not; the message says which command and why."""


def run_commands(commands: Sequence[Command], *, url: str = "") -> None:
    """Carry commands out, in order.

    Raises:
        BrokerAway: nobody answers.
        CommandRefused: one of them failed.
    """
    answers = asyncio.run(_ask(commands, url))
    refused = [
        f"{answer.get('command')}: {answer['error']}"
        for answer in answers
        if "error" in answer and not any(text in answer["error"].lower() for text in _HARMLESS)
    ]
    if refused:
        raise CommandRefused("; ".join(refused))


async def _ask(commands: Sequence[Command], url: str) -> list[dict[str, Any]]:
    answered: asyncio.Future[list[dict[str, Any]]] = asyncio.get_running_loop().create_future()
    subscribed = asyncio.Event()

    async def hear(_client: Any, _topic: str, payload: bytes, _qos: int, _more: Any) -> int:
        if not answered.done():
            answered.set_result(json.loads(payload)["responses"])
        return 0

    async with connected("", on_message=hear, url=url) as client:
        client.on_subscribe = lambda *_: subscribed.set()
        client.subscribe(ANSWERS, qos=1)
        await asyncio.wait_for(subscribed.wait(), PATIENCE_S)
        client.publish(CONTROL, json.dumps({"commands": list(commands)}), qos=1)
        return await asyncio.wait_for(answered, PATIENCE_S)


# ---------------------------------------------------------------- commands


def know_gateway(code: str, topics: str) -> list[Command]:
    """A role that lets a gateway speak under its own topics and hear what is said there."""
    role = role_of(code)
    acls = [
        {"command": "addRoleACL", "rolename": role, "acltype": kind, "topic": topics,
         "priority": 0, "allow": True}
        for kind in ("publishClientSend", "subscribePattern")
    ]  # fmt: skip
    return [{"command": "createRole", "rolename": role}, *acls]


def add_login(code: str, username: str, password: str) -> list[Command]:
    return [
        {
            "command": "createClient",
            "username": username,
            "password": password,
            "roles": [{"rolename": role_of(code)}],
        },
        {"command": "setClientPassword", "username": username, "password": password},
    ]


def remove_login(username: str) -> Command:
    return {"command": "deleteClient", "username": username}


def allow_login(username: str, *, allowed: bool) -> Command:
    """A client that is disabled is also cut off."""
    return {"command": "enableClient" if allowed else "disableClient", "username": username}


def role_of(code: str) -> str:
    return f"gateway:{code}"
