"""The sending half of a gateway: keeps one connection, says everything again until it is told that
it was committed. Saying it again is harmless, so no answer is ever needed to be sure."""

import http.client
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

PATH = "/api/v1/devices/observations"
LONGEST_WAIT_S = 30.0
_AGAIN = frozenset({429, 500, 502, 503, 504})


class Refused(Exception):
    """The door will not take this, however often it is sent."""


@dataclass(eq=False)
class Sender:
    """`url` is the city's address, `key` the gateway's. `wait` is time.sleep, except in tests."""

    url: str
    key: str
    tries: int = 30
    wait: Callable[[float], None] = time.sleep
    _link: http.client.HTTPConnection | None = field(default=None, repr=False)

    def send(self, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Send a batch and return its receipt.

        Raises:
            Refused: it will never be taken.
            ConnectionError: nobody answered, however often we tried.
        """
        return self.send_body(json.dumps({"observations": list(rows)}).encode())

    def send_body(self, body: bytes) -> dict[str, Any]:
        """The same for a batch that is written already."""
        for attempt in range(self.tries):
            try:
                status, wait_s, answer = self._post(body)
            except (OSError, http.client.HTTPException):
                self.close()
                status, wait_s, answer = 0, None, b""
            if status == 200:
                receipt: dict[str, Any] = json.loads(answer)
                return receipt
            if status and status not in _AGAIN:
                raise Refused(f"{status}: {answer.decode(errors='replace')}")
            self.wait(min(wait_s or 0.25 * 2**attempt, LONGEST_WAIT_S))
        raise ConnectionError(f"{self.url} does not take our observations.")

    def _post(self, body: bytes) -> tuple[int, float | None, bytes]:
        if self._link is None:
            parts = urlsplit(self.url)
            kind = (
                http.client.HTTPSConnection
                if parts.scheme == "https"
                else http.client.HTTPConnection
            )
            self._link = kind(parts.hostname or "localhost", parts.port, timeout=20)
        headers = {"Authorization": f"Gateway {self.key}", "Content-Type": "application/json"}
        self._link.request("POST", PATH, body, headers)
        answer = self._link.getresponse()
        content = answer.read()
        wait = answer.headers.get("Retry-After")
        return answer.status, float(wait) if wait else None, content

    def close(self) -> None:
        if self._link is not None:
            self._link.close()
            self._link = None
