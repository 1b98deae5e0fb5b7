"""What a live screen does with what it hears, for tests of snapshot + deltas."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connections

Rows = dict[str, dict[str, Any]]


def apply_delta(shown: Rows, rows: Iterable[dict[str, Any]]) -> None:
    """Of one row the greater version counts."""
    for row in rows:
        if row["id"] not in shown or shown[row["id"]]["version"] < row["version"]:
            shown[row["id"]] = row


def as_sent(rows: Iterable[Any]) -> Any:
    """Rows as they look after their way through JSON."""
    return json.loads(json.dumps(list(rows), default=_as_text))


def _as_text(value: Any) -> str:
    return value.isoformat().replace("+00:00", "Z")  # type: ignore[no-any-return]


async def in_thread(do: Callable[..., Any], *arguments: Any) -> Any:
    """Run what talks to the database beside the sockets, with connections of its own."""

    def run() -> Any:
        try:
            return do(*arguments)
        finally:
            connections.close_all()

    return await sync_to_async(run, thread_sensitive=False)()
