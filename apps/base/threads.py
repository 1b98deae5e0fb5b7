"""The database from an event loop: asked in any free thread, its connection given back at once."""

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(function: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    threaded: Callable[P, Awaitable[T]] = database_sync_to_async(function, thread_sensitive=False)
    return threaded
