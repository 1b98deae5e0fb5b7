"""A gateway on MQTT: publishes prepared bodies at QoS 1 and waits until the broker has them.

python -m benchmarks.devices.publish URL TOPIC < lengths and bodies
"""

import asyncio
import os
import struct
import sys
from typing import Any

import django


async def _ignore(*_: Any) -> int:
    return 0


async def _publish(url: str, topic: str, bodies: list[bytes]) -> None:
    from devices.mqtt.link import connected

    async with connected("", on_message=_ignore, url=url) as client:
        for n, body in enumerate(bodies):
            client.publish(topic, body, qos=1)
            if n % 50 == 0:
                await asyncio.sleep(0)
        while client._persistent_storage.get_all():  # noqa: SLF001 - gmqtt shows it nowhere else
            await asyncio.sleep(0.01)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "citizen.settings"
    django.setup()
    url, topic = sys.argv[1:]
    bodies = []
    while head := sys.stdin.buffer.read(4):
        bodies.append(sys.stdin.buffer.read(struct.unpack("<I", head)[0]))
    asyncio.run(_publish(url, topic, bodies))


if __name__ == "__main__":
    main()
