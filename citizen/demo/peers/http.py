"""A small HTTP/1.1 server without a framework: quick enough not to be what is measured."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

BACKLOG = 1000  # senders open hundreds of connections at a time
Handler = Callable[["Asked"], Awaitable["Said | None"]]


@dataclass(frozen=True, slots=True)
class Asked:
    path: str
    headers: dict[bytes, bytes]
    body: bytes


@dataclass(frozen=True, slots=True)
class Said:
    status: int
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} -", f"Content-Length: {len(self.body)}"]
        given = {"Content-Type": "application/json", **self.headers}
        lines += [f"{name}: {value}" for name, value in given.items()]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


class _Connection(asyncio.Protocol):
    """Reads requests one after the other; answers each when its handler is done, never if it
    returns None."""

    def __init__(self, handler: Handler, opened: Callable[[], None]) -> None:
        self.handler, self.opened = handler, opened
        self.buffer = b""
        self.tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass
        self.opened()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head, *lines = self.buffer[:end].split(b"\r\n")
            headers = dict(_header(line) for line in lines)
            size = int(headers.get(b"content-length", b"0"))
            if len(self.buffer) < end + 4 + size:
                return
            body, self.buffer = self.buffer[end + 4 : end + 4 + size], self.buffer[end + 4 + size :]
            self._start(Asked(head.split(b" ")[1].decode(), headers, body))

    def _start(self, asked: Asked) -> None:
        task = asyncio.get_running_loop().create_task(self._answer(asked))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _answer(self, asked: Asked) -> None:
        said = await self.handler(asked)
        if said is not None and not self.transport.is_closing():
            self.transport.write(said.encoded())

    def connection_lost(self, _error: Exception | None) -> None:
        for task in self.tasks:
            task.cancel()


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name.strip().lower(), value.strip()


@dataclass(eq=False)
class Server:
    """Listens on the loopback, with TLS where certificate files are given."""

    handler: Handler
    port: int = 0
    connections: int = 0
    _server: asyncio.Server | None = None

    async def start(self, tls: tuple[Path, Path] | None = None) -> None:
        context = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(self.handler, self._count), "127.0.0.1", self.port, ssl=context,
            backlog=BACKLOG,
        )  # fmt: skip
        self.port = self._server.sockets[0].getsockname()[1]

    def _count(self) -> None:
        self.connections += 1

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
