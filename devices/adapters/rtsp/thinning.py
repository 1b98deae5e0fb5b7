"""No more pictures than a camera's budget, left out before anybody decodes them.

What can be left out depends on the codec. Pictures that stand alone can (all of Motion JPEG), as
can those that no other refers to; of H.264 (RFC 6184) and H.265 (RFC 7798) up to `KEYS_ONLY_FPS`
only key pictures are let through, above it all that others need. Packets let through are numbered
anew, so that none seems lost.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from devices.adapters.video import READ_WITHIN_S
from devices.cameras.budget import Pace

KEYS_ONLY_FPS = 2.0
# FFmpeg looks at the first second before it says what it opened; of all pictures that is soon done.
AT_FIRST_S = 1.5
# Cameras send key pictures from twice a second to twice a minute.
KEY_WITHIN_S = 40.0
CLOCK_HZ = 90_000  # of every video format (RFC 3551)
_CODEC = re.compile(rb"a=rtpmap:(\d+) +([\w.-]+)/")


class Need(Enum):
    """What a packet is to the pictures after its own."""

    ALWAYS = "parameters"
    KEY = "stands alone, others begin with it"
    OTHERS = "others are drawn over it"
    NOBODY = "nobody refers to it"
    ASIDE = "remarks and delimiters"


@dataclass
class Thinning:
    """`through` gives a packet as it may go on, or None. Reports (odd channels) always go on."""

    most_fps: float
    codecs: dict[int, str] = field(default_factory=lambda: {26: "JPEG"})
    _pace: Pace = field(init=False)
    _left_out: dict[int, int] = field(default_factory=dict)
    _picture: tuple[int, bool] = (-1, False)  # its time stamp, whether it goes on
    _rounds: int = 0  # stamps begin anew every thirteen hours
    _last: int = 0
    _begun_s: float | None = None

    def __post_init__(self) -> None:
        self._pace = Pace(self.most_fps)

    @property
    def longest_gap_s(self) -> float:
        """How long nothing may come through though the camera sends."""
        return KEY_WITHIN_S if self._keys_only else READ_WITHIN_S

    def learn(self, description: bytes) -> None:
        """Which payload type is which codec, from a description (SDP)."""
        for number, name in _CODEC.findall(description):
            self.codecs[int(number)] = name.decode().upper()

    def through(self, channel: int, packet: bytes) -> bytes | None:
        if channel % 2 or len(packet) < 12:
            return packet
        _flags, kind, number, stamp = struct.unpack_from(">BBHI", packet)
        codec = self.codecs.get(kind & 0x7F)
        need = None if codec is None else need_of(codec, payload_of(packet))
        if need is not None and not self._goes_on(need, stamp):
            self._left_out[channel] = self._left_out.get(channel, 0) + 1
            return None
        renumbered = (number - self._left_out.get(channel, 0)) & 0xFFFF
        return packet[:2] + struct.pack(">H", renumbered) + packet[4:]

    def _goes_on(self, need: Need, stamp: int) -> bool:
        if need is Need.ALWAYS:
            return True
        if need is Need.ASIDE:
            return not self._keys_only
        if self._picture[0] != stamp:
            self._picture = (stamp, self._decided(need, stamp))
        return self._picture[1]

    def _decided(self, need: Need, stamp: int) -> bool:
        """Once for each picture, by its first packet."""
        at_s = self._seconds(stamp)
        self._begun_s = at_s if self._begun_s is None else self._begun_s
        if at_s - self._begun_s < AT_FIRST_S:
            return True
        if self._keys_only and need is Need.OTHERS:
            return False
        if self._pace.lets(at_s):
            return True
        if self._keys_only or need is Need.NOBODY:
            return False
        self._pace.take(at_s)
        return True

    @property
    def _keys_only(self) -> bool:
        return self.most_fps <= KEYS_ONLY_FPS

    def _seconds(self, stamp: int) -> float:
        self._rounds += self._last - stamp > 1 << 31
        self._last = stamp
        return (stamp + (self._rounds << 32)) / CLOCK_HZ


def payload_of(packet: bytes) -> bytes:
    """Behind the header, its sources and its extension (RFC 3550, 5.1)."""
    begins = 12 + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10 and len(packet) >= begins + 4:
        begins += 4 + 4 * int.from_bytes(packet[begins + 2 : begins + 4])
    return packet[begins:]


def need_of(codec: str, payload: bytes) -> Need | None:
    """None for what is not known: it goes on."""
    if not payload:
        return None
    match codec:
        case "JPEG":
            return Need.NOBODY
        case "H264":
            return _h264(payload + bytes(2))
        case "H265":
            return _h265(payload + bytes(2))
    return None


def _h264(payload: bytes) -> Need:
    """Types of table 7-1 of the standard; 24 bundles some, 28 is a piece of one."""
    kinds = {payload[0] & 0x1F}
    if kinds == {24}:
        kinds = {unit[0] & 0x1F for unit in _bundled(payload[1:])}
    elif kinds == {28}:
        kinds = {payload[1] & 0x1F}
    if 5 in kinds:
        return Need.KEY
    if kinds & {7, 8}:
        return Need.ALWAYS
    if not kinds & {1, 2, 3, 4}:
        return Need.ASIDE
    return Need.OTHERS if payload[0] & 0x60 else Need.NOBODY


def _h265(payload: bytes) -> Need:
    """Types of table 7-1 of the standard; 48 bundles some, 49 is a piece of one."""
    kinds = {payload[0] >> 1 & 0x3F}
    if kinds == {48}:
        kinds = {unit[0] >> 1 & 0x3F for unit in _bundled(payload[2:])}
    elif kinds == {49}:
        kinds = {payload[2] & 0x3F}
    if kinds & set(range(16, 24)):
        return Need.KEY
    if kinds & {32, 33, 34}:
        return Need.ALWAYS
    return Need.OTHERS if kinds & set(range(16)) else Need.ASIDE


def _bundled(units: bytes) -> Iterator[bytes]:
    """Each with its length before it."""
    at = 0
    while at + 3 <= len(units):
        length = int.from_bytes(units[at : at + 2])
        yield units[at + 2 : at + 2 + max(length, 1)]
        at += 2 + max(length, 1)
