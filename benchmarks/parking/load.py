"""Askers: a process with several connections.

    python -m benchmarks.parking.load PORT CONNECTIONS SECONDS RATE
RATE 0 = as fast as answers come. Prints answers a second and the 99th percentile in ms.
"""

import asyncio
import random
import sys
import time

from benchmarks.parking.fill import somewhere

LIMIT = 10


async def _ask(port: int, ends_at: float, pause_s: float, took: list[float], seed: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    chance = random.Random(seed)
    due = time.perf_counter() + pause_s * chance.random()
    while (now := time.perf_counter()) < ends_at:
        if pause_s:
            await asyncio.sleep(max(due - now, 0))
            due += pause_s
        lon, lat = somewhere(chance)
        started = time.perf_counter()
        path = f"/api/v1/parking/nearby?lat={lat:.6f}&lon={lon:.6f}&limit={LIMIT}"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        await reader.readexactly(int(head.split("content-length: ")[1].split("\r\n")[0]))
        if " 200 " not in head.split("\r\n")[0]:
            raise RuntimeError(head)
        took.append(time.perf_counter() - started)
    writer.close()


async def main() -> None:
    port, connections, seconds, rate = (float(text) for text in sys.argv[1:])
    took: list[float] = []
    ends_at = time.perf_counter() + seconds
    pause_s = connections / rate if rate else 0.0
    await asyncio.gather(
        *(_ask(int(port), ends_at, pause_s, took, n) for n in range(int(connections)))
    )
    took.sort()
    print(len(took) / seconds, took[int(len(took) * 0.99)] * 1000)


if __name__ == "__main__":
    asyncio.run(main())
