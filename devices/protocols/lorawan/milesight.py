"""Milesight's payloads: a row of channel id, channel type, value, least byte first.

Known are the channels of EM310-UDL (bins), EM500-SWL and -UDL (water), WS202 (motion, light) and
the AM100 and AM300 series (air). An unknown channel ends the reading, for its length is not known.
Source: the maker's published payload tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Channel:
    name: str
    unit: str
    size: int
    scale: float = 1.0
    signed: bool = False
    skip: int = 0  # further bytes of the channel that are not read


_BATTERY = Channel("battery_level", "%", 1)
_TEMPERATURE = Channel("air_temperature", "Cel", 2, 0.1, signed=True)
_HUMIDITY = Channel("air_humidity", "%", 1, 0.5)

CHANNELS: Mapping[tuple[int, int], Channel] = {
    (0x01, 0x75): _BATTERY,
    (0x03, 0x67): _TEMPERATURE,
    (0x04, 0x68): _HUMIDITY,
    (0x03, 0x77): Channel("water_level", "cm", 2, signed=True),
    (0x03, 0x82): Channel("distance", "mm", 2),
    (0x03, 0x00): Channel("motion", "1", 1),
    (0x04, 0x00): Channel("tilted", "1", 1),
    (0x05, 0x00): Channel("motion", "1", 1),
    (0x05, 0x6A): Channel("activity", "1", 2),
    (0x06, 0x65): Channel("illuminance", "lx", 2, skip=4),
    (0x06, 0xCB): Channel("light_level", "1", 1),
    (0x07, 0x7D): Channel("co2", "[ppm]", 2),
    (0x08, 0x7D): Channel("tvoc", "1", 2),
    (0x09, 0x73): Channel("air_pressure", "hPa", 2, 0.1),
    (0x0B, 0x7D): Channel("pm25", "ug/m3", 2),
    (0x0C, 0x7D): Channel("pm10", "ug/m3", 2),
}
# WS202 says light where others say position.
WS202: Mapping[tuple[int, int], Channel] = {
    (0x01, 0x75): _BATTERY,
    (0x03, 0x00): Channel("motion", "1", 1),
    (0x04, 0x00): Channel("daylight", "1", 1),
}


def read(
    payload: bytes, channels: Mapping[tuple[int, int], Channel] = CHANNELS
) -> dict[str, tuple[float, str]]:
    """Name → value and unit. Raises ValueError for a channel that is cut off."""
    found: dict[str, tuple[float, str]] = {}
    at = 0
    while at + 2 <= len(payload):
        channel = channels.get((payload[at], payload[at + 1]))
        if channel is None:
            break
        at += 2
        raw = payload[at : at + channel.size]
        if len(raw) < channel.size:
            raise ValueError(f"The payload ends within {channel.name}.")
        number = int.from_bytes(raw, "little", signed=channel.signed)
        found[channel.name] = (round(number * channel.scale, 6), channel.unit)
        at += channel.size + channel.skip
    return found
