"""The database is asked in a thread, so that no junction waits for another's row."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(do: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return await sync_to_async(do)(*args, **kwargs)
