"""Just enough of ONNX (IR 8, opset 13) to write a small network down: protobuf by hand.

Field numbers from onnx.proto3. Spares the product the onnx package for the one model it ships and
the tiny graphs its tests make.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from devices.vision.arrays import Floats

FLOAT, INT64 = 1, 7
Shape = Sequence[int | str]
Attribute = int | float | Sequence[int]


@dataclass(frozen=True, slots=True)
class Node:
    operator: str
    inputs: tuple[str, ...]
    output: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


def model(
    nodes: Iterable[Node],
    weights: Mapping[str, Floats],
    inputs: Mapping[str, Shape],
    outputs: Mapping[str, Shape],
) -> bytes:
    graph = b"".join(
        [
            *(_message(1, _node(node)) for node in nodes),
            _text(2, "graph"),
            *(_message(5, _tensor(name, value)) for name, value in weights.items()),
            *(_message(11, _value(name, shape)) for name, shape in inputs.items()),
            *(_message(12, _value(name, shape)) for name, shape in outputs.items()),
        ]
    )
    opset = _text(1, "") + _number(2, 13)
    return _number(1, 8) + _text(2, "citizen") + _message(7, graph) + _message(8, opset)


def _node(node: Node) -> bytes:
    return b"".join(
        [
            *(_text(1, name) for name in node.inputs),
            _text(2, node.output),
            _text(4, node.operator),
            *(_message(5, _attribute(name, value)) for name, value in node.attributes.items()),
        ]
    )


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):
        return _text(1, name) + _key(2, 5) + np.float32(value).tobytes() + _number(20, 1)
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, 2)
    return _text(1, name) + b"".join(_number(8, part) for part in value) + _number(20, 7)


def _tensor(name: str, value: Floats) -> bytes:
    whole = np.issubdtype(np.asarray(value).dtype, np.integer)
    stored = np.ascontiguousarray(value, "<i8" if whole else "<f4")
    dims = b"".join(_number(1, size) for size in stored.shape)
    kind = _number(2, INT64 if whole else FLOAT)
    return dims + kind + _text(8, name) + _message(9, stored.tobytes())


def _value(name: str, shape: Shape) -> bytes:
    dims = b"".join(
        _message(1, _text(2, size) if isinstance(size, str) else _number(1, size)) for size in shape
    )
    tensor = _number(1, FLOAT) + _message(2, dims)
    return _text(1, name) + _message(2, _message(1, tensor))


def _key(number: int, wire: int) -> bytes:
    return _varint(number << 3 | wire)


def _number(number: int, value: int) -> bytes:
    return _key(number, 0) + _varint(value & (1 << 64) - 1)


def _message(number: int, content: bytes) -> bytes:
    return _key(number, 2) + _varint(len(content)) + content


def _text(number: int, text: str) -> bytes:
    return _message(number, text.encode())


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
