"""Calls that we make: `POST /voice/call` takes them from notify's voice transport.

The order is committed as a row before it is acknowledged; a repetition is known by its key. The
signature is the one that notify writes: HMAC-SHA256 of the body under a secret of both sides.
"""

import asyncio
import logging
from typing import Any

import msgspec
from aiohttp import web
from django.conf import settings
from django.db import transaction

from apps.assistant.models import Call, OutboundCall
from apps.assistant.voice import providers, records, signing
from apps.base import clock
from apps.base.threads import in_thread

TRIES = 3
FIRST_WAIT_S = 2.0
logger = logging.getLogger(__name__)
_placing: set[asyncio.Task[None]] = set()


class Order(msgspec.Struct):
    """What notify asks for."""

    to: str
    language: str
    key: str
    speech: str
    reference: str = ""
    repeat: int = 1


async def take_order(request: web.Request) -> web.Response:
    body = await request.read()
    given = request.headers.get(signing.HEADER, "")
    if not signing.is_signed(given, body, settings.PHONE_PEER_SECRET):
        return web.Response(status=401)
    if not settings.VOICE_PROVIDER:
        return web.Response(status=503)
    try:
        order = msgspec.json.decode(body, type=Order)
    except msgspec.DecodeError:
        return web.Response(status=400)
    row, new = await in_thread(keep_order)(order)
    if new:
        start_placing(row)
    return web.Response(status=202)


def start_placing(row: OutboundCall) -> None:
    task = asyncio.create_task(place(row))
    _placing.add(task)
    task.add_done_callback(_placing.discard)


@transaction.atomic
def keep_order(order: Order) -> tuple[OutboundCall, bool]:
    """The order's row, and whether it is new."""
    row, new = OutboundCall.objects.get_or_create(
        key=order.key[:200],
        defaults={
            "to_number": order.to[:20],
            "language": order.language[:10],
            "speech": order.speech,
            "reference": order.reference,
            "repeat": max(1, min(order.repeat, 3)),
            "created_at": clock.now(),
        },
    )
    if new:
        row.call = records.announce_call(
            provider=settings.VOICE_PROVIDER,
            provider_call=f"out:{row.pk}",
            caller=order.to,
            language=order.language,
            direction=Call.Direction.OUT,
        )
        row.save(update_fields=["call"])
    return row, new


async def place(row: OutboundCall) -> None:
    """Ring. A provider that is away is asked again; one that refuses is not."""
    provider = providers.providers.load(settings.VOICE_PROVIDER)()
    call = row.call
    assert call is not None
    for again in range(TRIES):
        try:
            name = await provider.place(call, row.to_number)
        except providers.NotPlaced as error:
            logger.warning("voice: call %s not placed (%s)", call.code, error)
            if not error.again:
                break
            await asyncio.sleep(FIRST_WAIT_S * 2**again)
        else:
            await in_thread(note_placed)(row, name)
            return
    await in_thread(note_failed)(row)


@transaction.atomic
def note_placed(row: OutboundCall, provider_call: str) -> None:
    OutboundCall.objects.filter(pk=row.pk, state=OutboundCall.State.WAITING).update(
        state=OutboundCall.State.PLACED, attempts=row.attempts + 1
    )
    if provider_call and row.call is not None:
        Call.objects.filter(pk=row.call.pk).update(provider_call=provider_call[:120])


@transaction.atomic
def note_failed(row: OutboundCall) -> None:
    OutboundCall.objects.filter(pk=row.pk).update(state=OutboundCall.State.FAILED)
    Call.objects.filter(message=row, ended_at=None).update(
        state=Call.State.FAILED, ended_because="not placed", ended_at=clock.now()
    )


def unplaced() -> list[OutboundCall]:
    """Orders that a restart left behind, to be placed by the process that starts."""
    waiting: Any = OutboundCall.objects.filter(state=OutboundCall.State.WAITING)
    return list(waiting.select_related("call")[:200])
