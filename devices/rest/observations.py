"""The HTTPS door of gateways: `POST /api/v1/devices/observations`, a hot path."""

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from apps.base.hot import Request, Response, Route
from apps.base.problems import Malformed, TooLarge, Unavailable, UnsupportedMedia
from devices.ingest import speaker
from devices.ingest.accept import Receipt, accept
from devices.ingest.connections import give_back
from devices.protocols import cbor, json
from devices.protocols.batch import MAX_ROWS, Batch, Oversized, Reason, Unreadable

MAX_BODY_BYTES = 2_097_152
THREADS = 3
_CODECS = {json.CONTENT_TYPE: json.decode, cbor.CONTENT_TYPE: cbor.decode}

# Standing threads of their own: a batch waits for the disk, and must not hold up the event loop.
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="ingest")


async def post_observations(request: Request) -> Response:
    """Take a batch in a thread; the answer leaves when it is committed."""
    context = contextvars.copy_context()
    take = partial(context.run, _take, request)
    receipt = await asyncio.get_running_loop().run_in_executor(_threads, take)
    return Response.json(receipt)


def _take(request: Request) -> Receipt:
    try:
        who = speaker.from_header(request.headers.get("authorization", ""))
        return accept(_decode(request), who)
    except (OperationalError, InterfaceError) as error:
        raise Unavailable(_("Observations cannot be stored just now.")) from error
    finally:
        give_back()


def _decode(request: Request) -> Batch:
    kind = request.headers.get("content-type", json.CONTENT_TYPE).partition(";")[0].strip()
    if kind not in _CODECS:
        raise UnsupportedMedia(_("Send one of %s.") % ", ".join(_CODECS))
    try:
        return _CODECS[kind](request.body)
    except Oversized as error:
        raise TooLarge(str(error)) from error
    except Unreadable as error:
        raise Malformed(str(error)) from error


_OBSERVATION = {
    "type": "object",
    "required": ["datastream", "phenomenonTime", "result"],
    "properties": {
        "datastream": {"type": "string", "description": "What this gateway calls it."},
        "phenomenonTime": {"type": "string", "format": "date-time"},
        "result": {"type": "number"},
        "unit": {
            "type": "string",
            "description": "UCUM code, if it is not the datastream's own unit.",
        },
    },
}
_BATCH = {
    "type": "object",
    "required": ["observations"],
    "properties": {"observations": {"type": "array", "maxItems": MAX_ROWS, "items": _OBSERVATION}},
}
_RECEIPT = {
    "type": "object",
    "required": ["received", "stored", "duplicate", "quarantined"],
    "properties": {
        "received": {"type": "integer"},
        "stored": {"type": "integer"},
        "duplicate": {"type": "integer"},
        "quarantined": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["i", "code", "detail"],
                "properties": {
                    "i": {"type": "integer", "description": "Place in the batch, from 0."},
                    "code": {"type": "string", "enum": [reason.value for reason in Reason]},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}

ROUTES = (
    Route(
        method="POST",
        path="/api/v1/devices/observations",
        handler=post_observations,
        max_body_bytes=MAX_BODY_BYTES,
        per_minute=60_000,
        operation={
            "operationId": "devices_observations_create",
            "summary": "Send a batch of observations",
            "description": (
                "The answer comes after the commit. Rows that cannot be believed are listed under"
                " `quarantined` and kept apart; the others are stored. Sending a batch again"
                " changes nothing."
            ),
            "tags": ["devices"],
            "security": [{"GatewayKey": []}],
            "requestBody": {
                "required": True,
                "content": {kind: {"schema": _BATCH} for kind in _CODECS},
            },
            "responses": {
                "200": {
                    "description": "What became of the batch.",
                    "content": {"application/json": {"schema": _RECEIPT}},
                }
            },
        },
    ),
)
