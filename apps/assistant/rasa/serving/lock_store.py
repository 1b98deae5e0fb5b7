"""One message of a conversation at a time, by a lock in Redis: two round trips.

Rasa's own store knows no socket files, and its queue of tickets asks Redis seven times a message.
The order of one person's messages is kept before they come here.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock_store import LockStore
from redis.asyncio import Redis

PREFIX = "citizen:rasa:lock:"
SOCKET_TIMEOUT_S = 5
LOOKS_AGAIN_S = 0.05
LASTS_S = 10  # so that who was talked to when Rasa died is soon talked to again


class CityLockStore(LockStore):
    def __init__(self, endpoint_config: Any) -> None:
        self._redis = Redis.from_url(endpoint_config.url, socket_timeout=SOCKET_TIMEOUT_S)
        super().__init__()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LASTS_S,
        wait_time_in_seconds: float = LOOKS_AGAIN_S,
    ) -> AsyncGenerator[None, None]:
        name = f"{PREFIX}{conversation_id}"
        async with self._redis.lock(name, timeout=lock_lifetime, sleep=wait_time_in_seconds):
            yield
