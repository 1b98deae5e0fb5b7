"""Payloads of other makers: Dragino LHT65, Bosch parking sensors, and Cayenne LPP.

Source: the makers' published payload tables; Cayenne LPP is most significant byte first.
"""

import struct
from collections.abc import Mapping

Values = dict[str, tuple[float, str]]

BATTERY_MASK = 0x3FFF  # the first two bits are the battery's state
NO_PROBE = 0x7FFF


def read_lht65(payload: bytes) -> Values:
    """Battery, temperature and humidity inside, temperature of the probe outside."""
    if len(payload) < 11:
        raise ValueError("An LHT65 payload has 11 bytes.")
    battery, inside, humidity = struct.unpack(">HhH", payload[:6])
    found: Values = {
        "battery": ((battery & BATTERY_MASK) / 1000.0, "V"),
        "air_temperature": (inside / 100.0, "Cel"),
        "air_humidity": (humidity / 10.0, "%"),
    }
    probe: int = struct.unpack(">h", payload[7:9])[0]
    if payload[6] & 0x0F == 1 and probe != NO_PROBE:
        found["probe_temperature"] = (probe / 100.0, "Cel")
    return found


STATUS_PORT, HEARTBEAT_PORT = 1, 2


def read_bosch_parking(payload: bytes, port: int) -> Values:
    """Whether a bay is taken: the last bit of a status or heartbeat."""
    if port not in (STATUS_PORT, HEARTBEAT_PORT):
        return {}
    if not payload:
        raise ValueError("A parking status has a byte.")
    return {"bay_occupied": (float(payload[0] & 1), "1")}


# Type → name, unit, bytes, per how many, signed.
_LPP: Mapping[int, tuple[str, str, int, float, bool]] = {
    0x00: ("digital_in", "1", 1, 1.0, False),
    0x01: ("digital_out", "1", 1, 1.0, False),
    0x02: ("analog_in", "1", 2, 100.0, True),
    0x03: ("analog_out", "1", 2, 100.0, True),
    0x65: ("illuminance", "lx", 2, 1.0, False),
    0x66: ("presence", "1", 1, 1.0, False),
    0x67: ("temperature", "Cel", 2, 10.0, True),
    0x68: ("humidity", "%", 1, 2.0, False),
    0x73: ("pressure", "hPa", 2, 10.0, False),
}
_LPP_SKIPPED = {0x71: 6, 0x86: 6, 0x88: 9}  # acceleration, rotation, position


def read_cayenne(payload: bytes) -> Values:
    """Names carry the channel: `temperature_1`. Raises ValueError for an unknown type or an end
    within a value."""
    found: Values = {}
    at = 0
    while at < len(payload):
        if at + 2 > len(payload):
            raise ValueError("The payload ends within a type.")
        channel, kind = payload[at], payload[at + 1]
        at += 2
        if kind in _LPP_SKIPPED:
            at += _LPP_SKIPPED[kind]
            continue
        if kind not in _LPP:
            raise ValueError(f"Cayenne LPP has no type {kind:#04x}.")
        name, unit, size, per, signed = _LPP[kind]
        raw = payload[at : at + size]
        if len(raw) < size:
            raise ValueError(f"The payload ends within {name}.")
        found[f"{name}_{channel}"] = (int.from_bytes(raw, "big", signed=signed) / per, unit)
        at += size
    return found
