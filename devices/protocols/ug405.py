"""UTMC UG405 type 2 outstations over SNMP: stages asked for, and stages shown, by bits.

Objects lie under 1.3.6.1.4.1.13267.3.2. An instance is named by the length and ASCII codes of the
outstation's SCN. The force bits of a command and the reply bits Gn number stages from one, the
first in the top bit of the first byte. Makers differ in a trailing `.0` and in the index: `Naming`
says which a controller has.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from devices.protocols.snmp.ber import Oid

BASE: Oid = (1, 3, 6, 1, 4, 1, 13267, 3, 2)
OPERATION_MODE: Oid = (*BASE, 4, 1, 0)
OPERATION_MODE_TIMEOUT: Oid = (*BASE, 2, 4, 0)
CENTRAL_CONTROL, LOCAL_CONTROL = 3, 1
_FORCE: Oid = (*BASE, 4, 2, 1, 5)
_REPLY_STAGES: Oid = (*BASE, 5, 1, 1, 3)
_REPLY_DETECTORS: Oid = (*BASE, 5, 1, 1, 32)


@dataclass(frozen=True, slots=True)
class Naming:
    """How a maker names instances: an SCN such as `J03121`, with or without an end of `.0`."""

    scn: str
    trailing_zero: bool = False

    def __post_init__(self) -> None:
        if not self.scn or not self.scn.isascii():
            raise ValueError("An SCN is a word of ASCII letters and digits.")

    @property
    def index(self) -> Oid:
        end = (0,) if self.trailing_zero else ()
        return (len(self.scn), *self.scn.encode("ascii"), *end)

    def force(self) -> Oid:
        return (*_FORCE, *self.index)

    def stages(self) -> Oid:
        return (*_REPLY_STAGES, *self.index)

    def detectors(self) -> Oid:
        return (*_REPLY_DETECTORS, *self.index)


def bits_of(numbers: Iterable[int]) -> bytes:
    """Numbers from one as bits, the first on top; at least one byte."""
    numbers = set(numbers)
    found = bytearray(max((max(numbers, default=1) + 7) // 8, 1))
    for number in numbers:
        if number < 1:
            raise ValueError("Stages count from one.")
        found[(number - 1) // 8] |= 0x80 >> (number - 1) % 8
    return bytes(found)


def numbers_in(bits: bytes) -> list[int]:
    return [
        8 * place + bit + 1
        for place, byte in enumerate(bits)
        for bit in range(8)
        if byte & 0x80 >> bit
    ]
