"""The wire under FCM against a server that answers byte by byte as it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest

from apps.notify.kinds.fcm.wire import Answer, Wire

TAKEN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
BUSY = b"HTTP/1.1 503 -\r\nretry-after: 7\r\nContent-Length: 4\r\n\r\nbusy"


class Told:
    """Says the same to every request; nothing if it is None."""

    def __init__(self, says: bytes | None, *, hangs_up: bool = False) -> None:
        self.says, self.hangs_up = says, hangs_up
        self.asked: list[tuple[bytes, bytes]] = []
        self.served: list[asyncio.Task[None] | None] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.served.append(asyncio.current_task())
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                size = int(head.rpartition(b"Content-Length: ")[2])
                self.asked.append((head, await reader.readexactly(size)))
                writer.write(self.says or b"")
                if self.hangs_up:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    @property
    def connections(self) -> int:
        return len(self.served)


@asynccontextmanager
async def wired(told: Told, *, timeout_s: float = 5) -> AsyncIterator[Wire]:
    server = await asyncio.start_server(told.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}/v1/projects/p/messages:send"
    wire = Wire(url, True, connections=4, timeout_s=timeout_s)
    try:
        yield wire
    finally:
        await wire.close()
        server.close()
        await asyncio.gather(*filter(None, told.served))


async def posted(wire: Wire, body: bytes = b"{}") -> Answer:
    return await wire.post("t1", body)


async def test_it_sends_what_http_asks_for_over_one_kept_connection() -> None:
    told = Told(TAKEN)
    async with wired(told) as wire:
        for _message in range(3):
            assert await posted(wire, "홍수".encode()) == (200, None, b"{}")
        await wire.post("t2", b"")
    assert told.connections == 1
    head, body = told.asked[0]
    first, *lines = head.decode().strip().split("\r\n")
    assert first == "POST /v1/projects/p/messages:send HTTP/1.1"
    assert {"Authorization: Bearer t1", "Content-Length: 6"} < set(lines)
    assert any(line.startswith("Host: 127.0.0.1:") for line in lines)
    assert body.decode() == "홍수"
    assert b"Authorization: Bearer t2\r\n" in told.asked[3][0]


ANSWERS: list[tuple[bytes, tuple[int, str | None, bytes]]] = [
    (CHUNKED, (200, None, b"{}")),
    (BUSY, (503, "7", b"busy")),
    (b"HTTP/1.1 103 Early Hints\r\n\r\n" + TAKEN, (200, None, b"{}")),
    (b"HTTP/1.1 204 -\r\n\r\n", (204, None, b"")),
]


@pytest.mark.parametrize(("says", "read"), ANSWERS)
async def test_it_reads_every_form_of_an_answer(
    says: bytes, read: tuple[int, str | None, bytes]
) -> None:
    told = Told(says)
    async with wired(told) as wire:
        assert [await posted(wire), await posted(wire)] == [read, read]
    assert told.connections == 1


async def test_a_server_that_closes_after_each_answer_is_called_again() -> None:
    told = Told(TAKEN.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n"))
    async with wired(told) as wire:
        for _message in range(3):
            assert (await posted(wire)).status == 200
    assert told.connections == 3


TROUBLE: list[tuple[bytes | None, bool, type[Exception]]] = [
    (b"SSH-2.0-what\r\n\r\n", False, aiohttp.ClientError),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{}", True, aiohttp.ClientError),
    (b"", True, aiohttp.ClientError),
    (None, False, TimeoutError),
]


@pytest.mark.parametrize(("says", "hangs_up", "raised"), TROUBLE)
async def test_what_is_no_answer_is_an_error_and_its_connection_is_not_used_again(
    says: bytes | None, hangs_up: bool, raised: type[Exception]
) -> None:
    told = Told(says, hangs_up=hangs_up)
    async with wired(told, timeout_s=5 if says is not None else 0.2) as wire:
        with pytest.raises(raised):
            await posted(wire)
        told.says, told.hangs_up = TAKEN, False
        assert (await posted(wire)).status == 200
    assert told.connections == 2


async def test_it_opens_no_more_connections_than_it_may() -> None:
    told = Told(TAKEN)
    async with wired(told) as wire:
        answers = await asyncio.gather(*(posted(wire) for _message in range(40)))
    assert {answer.status for answer in answers} == {200}
    assert told.connections <= 4
