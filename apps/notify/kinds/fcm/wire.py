"""Posting over aiohttp's pool of kept connections, without its client.

One message differs from the next by its address alone. So the head of a request is written once for
all that share an access token, and what is left of a message is its bytes out and its answer in:
aiohttp keeps the connections and reads the answers, but builds no request, response and headers
as objects, which cost more than all the rest of a message.
"""

import asyncio
import ssl
from typing import NamedTuple

from aiohttp import ClientPayloadError, ClientRequest, ClientTimeout, TCPConnector
from aiohttp.connector import Connection
from aiohttp.http import HttpProcessingError
from yarl import URL

KEPT_S = 60
OPENED_AT_ONCE = 50  # hundreds at once overrun what a server lets wait, and some hang for seconds
_HEAD = (
    "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
    "User-Agent: Citizen\r\nContent-Type: application/json\r\nContent-Length: "
)


class Answer(NamedTuple):
    status: int
    retry_after: str | None
    body: bytes


class Wire:
    """All connections to one address. Lives in one event loop."""

    def __init__(
        self, url: str, tls: ssl.SSLContext | bool, *, connections: int, timeout_s: float
    ) -> None:
        self._url = URL(url)
        self._pool = TCPConnector(limit=connections, ssl=tls, keepalive_timeout=KEPT_S)
        self._request = ClientRequest("POST", self._url, loop=asyncio.get_running_loop())
        self._head = ("", b"")  # for which token
        self._timeout_s = timeout_s
        self._to_connect = ClientTimeout(connect=timeout_s)
        self._opening = asyncio.Semaphore(OPENED_AT_ONCE)

    async def post(self, token: str, body: bytes) -> Answer:
        """Raises aiohttp.ClientError, TimeoutError, OSError."""
        async with self._opening:
            connection = await self._pool.connect(self._request, [], self._to_connect)
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await _ask(connection, self._head_for(token), body)
        except BaseException:
            connection.close()
            raise
        connection.release()
        return answer

    def _head_for(self, token: str) -> bytes:
        known, head = self._head
        if known != token:
            host = self._url.raw_authority
            path = self._url.raw_path_qs
            head = _HEAD.format(path=path, host=host, token=token).encode()
            self._head = token, head
        return head

    async def close(self) -> None:
        await self._pool.close()


async def _ask(connection: Connection, head: bytes, body: bytes) -> Answer:
    protocol = connection.protocol
    assert protocol is not None
    assert protocol.transport is not None
    protocol.set_response_params()
    protocol.transport.write(b"%b%d\r\n\r\n%b" % (head, len(body), body))
    try:
        message, content = await protocol.read()
        while message.code < 200:  # "103 Early Hints" and the like go before the answer
            message, content = await protocol.read()
        return Answer(message.code, message.headers.get("Retry-After"), await content.read())
    except HttpProcessingError as error:
        raise ClientPayloadError(f"no HTTP: {error.message}") from error
