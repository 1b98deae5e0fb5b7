"""Seongnam's signal centre: frames over TCP, each status acknowledged once it is committed."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec

from devices.adapters.linked import Away, BadSettings, Target, Tell
from devices.protocols.seongnam import (
    STATUS,
    BodyMap,
    Reader,
    acknowledgement,
    encode,
    read_body,
)

PATIENCE_S = 5.0
SILENCE_S = 60.0


class Seongnam:
    def check(self, config: Mapping[str, Any]) -> None:
        _fields(config)

    async def run(self, target: Target, tell: Tell) -> None:
        fields = _fields(target.config).fields
        try:
            reading, writing = await asyncio.wait_for(
                asyncio.open_connection(target.host, target.port), PATIENCE_S
            )
        except (OSError, TimeoutError) as error:
            raise Away(f"{target.host}:{target.port} does not answer.") from error
        frames = Reader()
        try:
            while True:
                for frame in frames.feed(await _some(reading)):
                    if frame.command == STATUS:
                        await tell(read_body(frame, fields))
                        writing.write(encode(acknowledgement(frame)))
                        await writing.drain()
        except OSError as error:
            raise Away(str(error)) from error
        finally:
            writing.close()


async def _some(reading: asyncio.StreamReader) -> bytes:
    try:
        data = await asyncio.wait_for(reading.read(65_536), SILENCE_S)
    except TimeoutError as error:
        raise Away("The centre is silent.") from error
    if not data:
        raise Away("The centre hung up.")
    return data


def _fields(config: Mapping[str, Any]) -> BodyMap:
    try:
        return msgspec.convert(dict(config), BodyMap)
    except msgspec.ValidationError as error:
        raise BadSettings(str(error)) from error


adapter = Seongnam()
