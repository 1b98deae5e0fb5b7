"""The gateways of a benchmark: a process that posts prepared bodies over a few connections.

    python -m benchmarks.devices.load HOST PORT KEY CONNECTIONS < lengths and bodies
Prints the seconds from the first byte sent to the last receipt, and how many rows were stored.
"""

import asyncio
import json
import struct
import sys
import time


async def _post(host: str, port: int, key: str, bodies: list[bytes]) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    stored = 0
    while bodies:
        body = bodies.pop()
        writer.write(
            b"POST /api/v1/devices/observations HTTP/1.1\r\nHost: localhost\r\n"
            b"Authorization: Gateway " + key.encode() + b"\r\nContent-Type: application/json\r\n"
            b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
        )
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        answer = await reader.readexactly(length)
        if " 200 " not in head.split("\r\n")[0]:
            raise RuntimeError(answer.decode())
        stored += json.loads(answer)["stored"]
    writer.close()
    return stored


async def _all(host: str, port: int, key: str, connections: int, bodies: list[bytes]) -> int:
    bodies.reverse()
    return sum(await asyncio.gather(*(_post(host, port, key, bodies) for _ in range(connections))))


def main() -> None:
    host, port, key, connections = sys.argv[1:]
    bodies = []
    while head := sys.stdin.buffer.read(4):
        bodies.append(sys.stdin.buffer.read(struct.unpack("<I", head)[0]))
    started = time.perf_counter()
    stored = asyncio.run(_all(host, int(port), key, int(connections), bodies))
    print(time.perf_counter() - started, stored)


if __name__ == "__main__":
    main()
