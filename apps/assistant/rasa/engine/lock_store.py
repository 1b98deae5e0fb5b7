"""Rasa's ticket locks in Redis by its address: Rasa's own store knows no socket files."""

from typing import Any

import redis
from rasa.core.lock_store import LockStore, RedisLockStore

PREFIX = "citizen:rasa:lock:"
SOCKET_TIMEOUT_S = 5


class AddressedRedisLockStore(RedisLockStore):
    def __init__(self, endpoint_config: Any) -> None:
        self.red = redis.StrictRedis.from_url(endpoint_config.url, socket_timeout=SOCKET_TIMEOUT_S)
        self.key_prefix = PREFIX
        LockStore.__init__(self)
