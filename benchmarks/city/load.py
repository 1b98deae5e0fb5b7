"""Asks for paths over a few kept connections; reads its order on stdin, prints what it took."""

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any


class Client:
    def __init__(self, order: dict[str, Any]) -> None:
        self.port = order["port"]
        self.waiting = list(reversed(order["paths"]))
        self.headers = order["headers"]
        self.statuses: Counter[str] = Counter()
        self.latencies_ms: list[float] = []

    async def run(self, connections: int) -> float:
        started = time.perf_counter()
        await asyncio.gather(*(self._connection() for _ in range(connections)))
        return time.perf_counter() - started

    async def _connection(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while self.waiting:
            path = self.waiting.pop()
            asked = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{self.headers}\r\n".encode())
            status = await _answer(reader)
            self.latencies_ms.append((time.perf_counter() - asked) * 1000)
            self.statuses[status] += 1
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> str:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    if "content-length: " in head:
        await reader.readexactly(int(head.split("content-length: ")[1].split("\r\n")[0]))
    return head.split(" ", 2)[1]


def main() -> None:
    order = json.load(sys.stdin)
    client = Client(order)
    seconds = asyncio.run(client.run(order["connections"]))
    json.dump(
        {
            "seconds": seconds,
            "statuses": client.statuses,
            "latencies_ms": client.latencies_ms,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
