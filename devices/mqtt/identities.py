"""Gateways' keys as logins at the broker. A work row carries each change there, however long the
broker is away; what it does is read from the database when it is done, so the order of such rows
does not matter.

A gateway signs in as `CODE.HINT`, the hint being the first letters of the key, with the key as
password: so two keys live side by side here as well.
"""

from collections.abc import Mapping
from typing import Any

from apps.base.sealing import unseal
from devices.models import Gateway, GatewayKey
from devices.mqtt import dynsec
from devices.protocols.topics import own_topics


def username_of(gateway: Gateway, hint: str) -> str:
    return f"{gateway.code}.{hint}"


def tell_broker(payload: Mapping[str, Any]) -> None:
    """Work handler: `gateway`, and for a new key its `hint` and the `sealed` key."""
    gateway = Gateway.objects.get(pk=payload["gateway"])
    commands = dynsec.know_gateway(gateway.code, own_topics(gateway.code))
    if payload.get("sealed"):
        username = username_of(gateway, payload["hint"])
        commands += dynsec.add_login(gateway.code, username, unseal(payload["sealed"]))
    for key in GatewayKey.objects.filter(gateway=gateway).order_by("pk"):
        commands.append(_present_state(gateway, key))
    dynsec.run_commands(commands)


def _present_state(gateway: Gateway, key: GatewayKey) -> dynsec.Command:
    username = username_of(gateway, key.hint)
    if key.ended_at:
        return dynsec.remove_login(username)
    return dynsec.allow_login(username, allowed=gateway.active)
