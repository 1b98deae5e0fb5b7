"""Modbus TCP by a register map: what stands where is data, `devices.protocols.registers`."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from pymodbus import ModbusException
from pymodbus.client import AsyncModbusTcpClient

from apps.base import clock
from devices.adapters.linked import Away, BadSettings, Target, Tell
from devices.protocols.registers import BadMap, RegisterMap, Span, read_map, spans, value_of

PATIENCE_S = 3.0


class Modbus:
    def check(self, config: Mapping[str, Any]) -> None:
        _map(config)

    async def run(self, target: Target, tell: Tell) -> None:
        registers = _map(target.config)
        client = AsyncModbusTcpClient(
            target.host, port=target.port, timeout=PATIENCE_S, retries=1, reconnect_delay=0
        )
        try:
            if not await client.connect():
                raise Away(f"{target.host}:{target.port} does not answer.")
            while True:
                await tell(await _read_all(client, registers))
                await asyncio.sleep(registers.every_s)
        finally:
            client.close()


def _map(config: Mapping[str, Any]) -> RegisterMap:
    try:
        return read_map(dict(config))
    except BadMap as error:
        raise BadSettings(str(error)) from error


async def _read_all(client: AsyncModbusTcpClient, registers: RegisterMap) -> list[dict[str, Any]]:
    at = clock.now().isoformat()
    rows: list[dict[str, Any]] = []
    for span in spans(registers.registers):
        words = await _read(client, span, registers.unit)
        for register in span.registers:
            place = register.address - span.first
            value = value_of(register, words[place : place + register.size])
            row = {"datastream": register.datastream, "phenomenonTime": at, "result": value}
            rows.append(row | ({"unit": register.unit} if register.unit else {}))
    return rows


async def _read(client: AsyncModbusTcpClient, span: Span, unit: int) -> Sequence[int]:
    """Raises Away for an exception response as well: the map does not fit the device."""
    ask = {
        "coil": client.read_coils,
        "discrete": client.read_discrete_inputs,
        "holding": client.read_holding_registers,
        "input": client.read_input_registers,
    }[span.table]
    try:
        answer = await ask(span.first, count=span.count, device_id=unit)
    except (ModbusException, TimeoutError, OSError) as error:
        raise Away(str(error)) from error
    if answer.isError():
        raise Away(f"{span.table} {span.first}+{span.count}: {answer}")
    found = answer.bits if span.table in ("coil", "discrete") else answer.registers
    return [int(value) for value in found]


adapter = Modbus()
