"""Modbus registers as data: where a value stands, how its bits are read, which datastream it is."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

Table = Literal["coil", "discrete", "holding", "input"]
Form = Literal["bool", "u16", "s16", "u32", "s32", "f32"]

_FORMS: dict[str, tuple[str, int]] = {
    "u16": (">H", 1), "s16": (">h", 1), "u32": (">I", 2), "s32": (">i", 2), "f32": (">f", 2),
}  # fmt: skip
MOST_WORDS, MOST_BITS = 125, 2000


class BadMap(ValueError):
    """This register map makes no sense; the message says where."""


class Register(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`address` counts from 0 as on the wire; value = raw x scale + offset."""

    datastream: str
    address: int
    table: Table = "holding"
    form: Form = "u16"
    words: Literal["big", "little"] = "big"
    scale: float = 1.0
    offset: float = 0.0
    unit: str = ""

    @property
    def size(self) -> int:
        return 1 if self.table in ("coil", "discrete") else _FORMS[self.form][1]


class RegisterMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    registers: list[Register]
    unit: int = 1
    every_s: float = 10.0


def read_map(config: Any) -> RegisterMap:
    """Raises BadMap."""
    try:
        found = msgspec.convert(config, RegisterMap)
    except msgspec.ValidationError as error:
        raise BadMap(str(error)) from error
    for register in found.registers:
        _check(register)
    if not found.registers or not 0 <= found.unit <= 255 or found.every_s < 0.1:
        raise BadMap("There must be registers, a unit of 0 to 255, and 0.1 s between two reads.")
    codes = [register.datastream for register in found.registers]
    if len(set(codes)) < len(codes):
        raise BadMap("Two registers speak for one datastream.")
    return found


def _check(register: Register) -> None:
    is_bit = register.table in ("coil", "discrete")
    if is_bit != (register.form == "bool"):
        raise BadMap(f"{register.datastream}: bits are bool, registers are not.")
    if not 0 <= register.address <= 65_536 - register.size:
        raise BadMap(f"{register.datastream}: addresses are 0 to 65535.")


@dataclass(frozen=True, slots=True)
class Span:
    """Registers of one table that one request reads."""

    table: Table
    first: int
    count: int
    registers: tuple[Register, ...]


def spans(registers: Sequence[Register], *, gap: int = 8) -> Iterator[Span]:
    """As few requests as may be: what lies near is read together."""
    order = sorted(registers, key=lambda r: (r.table, r.address))
    group: list[Register] = []
    for register in order:
        if group and not _joins(group, register, gap):
            yield _span(group)
            group = []
        group.append(register)
    if group:
        yield _span(group)


def _joins(group: Sequence[Register], register: Register, gap: int) -> bool:
    most = MOST_BITS if register.table in ("coil", "discrete") else MOST_WORDS
    end = max(one.address + one.size for one in group)
    return (
        register.table == group[0].table and register.address <= end + gap
        and register.address + register.size - group[0].address <= most
    )  # fmt: skip


def _span(group: Sequence[Register]) -> Span:
    first = group[0].address
    count = max(one.address + one.size for one in group) - first
    return Span(group[0].table, first, count, tuple(group))


def value_of(register: Register, words: Sequence[int]) -> float:
    """Of the words (or one bit) at a register's place. Raises ValueError for what is no number."""
    if register.form == "bool":
        return float(bool(words[0]))
    form, size = _FORMS[register.form]
    order = list(words[:size]) if register.words == "big" else list(words[:size])[::-1]
    raw: float = struct.unpack(form, b"".join(word.to_bytes(2, "big") for word in order))[0]
    value = raw * register.scale + register.offset
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"{register.datastream} is not a number.")
    return value
