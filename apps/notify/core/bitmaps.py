"""Which of a chunk's recipients are settled: one bit each, little end first."""


def empty(size: int) -> bytearray:
    return bytearray((size + 7) // 8)


def mark(bits: bytearray, offset: int) -> bool:
    """Set a bit; whether it was not set before."""
    byte, bit = divmod(offset, 8)
    fresh = not bits[byte] >> bit & 1
    bits[byte] |= 1 << bit
    return fresh


def is_marked(bits: bytes | bytearray, offset: int) -> bool:
    byte, bit = divmod(offset, 8)
    return bool(bits[byte] >> bit & 1)


def open_offsets(bits: bytes | bytearray, size: int) -> list[int]:
    return [offset for offset in range(size) if not is_marked(bits, offset)]


def count(bits: bytes | bytearray) -> int:
    return int.from_bytes(bits, "little").bit_count()
