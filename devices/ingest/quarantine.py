"""Refused rows into the quarantine, each once however often it is sent."""

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from math import isfinite
from typing import Any

from devices.models import Quarantine
from devices.protocols.batch import Refused

_MOST_CHARACTERS = 2_000


def keep_apart(refused: Sequence[Refused], *, gateway_id: int, received_at: datetime) -> None:
    Quarantine.objects.bulk_create(
        [_row(one, gateway_id, received_at) for one in refused], ignore_conflicts=True
    )


def _row(refused: Refused, gateway_id: int, received_at: datetime) -> Quarantine:
    raw = "null" if refused.raw is None else storable(refused.raw)  # NULL would be no trace
    return Quarantine(
        gateway_id=gateway_id,
        datastream_id=refused.datastream_id,
        code=refused.code,
        detail=str(storable(refused.detail))[:300],
        raw=raw,
        fingerprint=_fingerprint(refused.code, raw),
        received_at=received_at,
    )


def _fingerprint(code: str, raw: Any) -> str:
    text = json.dumps([code, raw], sort_keys=True)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def storable(value: Any) -> Any:
    """The value as JSON that PostgreSQL takes: no NaN, no NUL, no lone surrogates, not endless."""
    cleaned = _clean(value)
    text = json.dumps(cleaned)
    return cleaned if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS]


def _clean(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
        case float() if not isfinite(value):
            return str(value)
        case dict():
            return {str(_clean(str(key))): _clean(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_clean(inner) for inner in value]
        case bool() | int() | float() | None:
            return value
    return str(value)
