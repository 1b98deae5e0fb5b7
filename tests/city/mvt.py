"""A reader of Mapbox Vector Tiles 2.1, just enough to look into ours."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Fields = list[tuple[int, Any]]


@dataclass
class Layer:
    name: str = ""
    extent: int = 4096
    features: list[dict[str, Any]] = field(default_factory=list)


def read_tile(data: bytes) -> dict[str, Layer]:
    layers = (_layer(value) for number, value in _fields(data) if number == 3)
    return {layer.name: layer for layer in layers}


def _layer(data: bytes) -> Layer:
    fields = list(_fields(data))
    keys = [value.decode() for number, value in fields if number == 3]
    values = [_value(value) for number, value in fields if number == 4]
    layer = Layer(next(value.decode() for number, value in fields if number == 1))
    for number, value in fields:
        if number == 5:
            layer.extent = value
        if number == 2:
            layer.features.append(_feature(value, keys, values))
    return layer


def _feature(data: bytes, keys: list[str], values: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, value in _fields(data):
        if number == 2:
            tags = list(_packed(value))
            pairs = zip(tags[::2], tags[1::2], strict=True)
            found |= {keys[key]: values[index] for key, index in pairs}
        if number == 3:
            found["type"] = ("?", "point", "line", "polygon")[value]
    return found


def _value(data: bytes) -> Any:
    ((number, value),) = _fields(data)
    match number:
        case 1:
            return value.decode()
        case 2:
            return struct.unpack("<f", value)[0]
        case 3:
            return struct.unpack("<d", value)[0]
        case 6:
            return (value >> 1) ^ -(value & 1)
        case 7:
            return bool(value)
    return value


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        match key & 7:
            case 0:
                value, at = _varint(data, at)
                yield key >> 3, value
            case 2:
                size, at = _varint(data, at)
                yield key >> 3, data[at : at + size]
                at += size
            case kind:
                size = {1: 8, 5: 4}[kind]
                yield key >> 3, data[at : at + size]
                at += size


def _packed(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not data[at - 1] & 0x80:
            return value, at
