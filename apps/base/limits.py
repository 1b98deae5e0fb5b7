"""Rate limits of the lean door, per process and client: a token bucket.

The limit protects the process; it is approximate across processes, as each has its own buckets.
"""

import time
from collections import OrderedDict

from apps.base.problems import TooMany

MAX_CLIENTS = 10_000


class Bucket:
    """`per_minute` tokens a client and minute, saved up to one minute's worth."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> None:
        """Take one token. Raises TooMany with the seconds to wait."""
        at = time.monotonic()
        tokens, seen_at = self._clients.pop(client, (float(self.per_minute), at))
        tokens = min(self.per_minute, tokens + (at - seen_at) * self.per_minute / 60)
        if tokens < 1:
            self._clients[client] = (tokens, at)
            raise TooMany(retry_after_s=int((1 - tokens) * 60 / self.per_minute) + 1)
        self._clients[client] = (tokens - 1, at)
        if len(self._clients) > MAX_CLIENTS:
            self._clients.popitem(last=False)
