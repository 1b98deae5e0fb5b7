"""RTSP (RFC 7826 and its elder, RFC 2326), over TCP so that pictures come whole.

FFmpeg reads it through a relay of our own, which holds it to the address that was checked.
"""

from dataclasses import replace
from urllib.parse import quote

from devices.adapters.captured import Captured
from devices.adapters.rtsp.relay import Relay
from devices.adapters.rtsp.thinning import Thinning
from devices.adapters.video import Lost, Picture, Refused, Stream, Terms
from devices.cameras.addresses import Address, BadAddress, NotAllowed, locate, read_address


def open_stream(url: str, terms: Terms) -> Stream:
    try:
        address = read_address(url, ["rtsp"])
        ip = locate(address, terms.networks)
    except (BadAddress, NotAllowed) as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Lost("Its name is not known.") from error
    thinning = Thinning(terms.most_fps)
    relay = Relay(ip, address.port, thinning)
    through = replace(address, host="127.0.0.1", port=relay.port)
    try:
        return _Relayed(Captured(_with_credentials(through), thinning.longest_gap_s), relay)
    except Lost as lost:
        relay.close()
        raise (relay.why or lost) from None


class _Relayed:
    def __init__(self, capture: Captured, relay: Relay) -> None:
        self._capture, self._relay = capture, relay

    def grab(self) -> float | None:
        try:
            return self._capture.grab()
        except Lost as lost:
            raise (self._relay.why or lost) from None

    def retrieve(self) -> Picture:
        return self._capture.retrieve()

    def close(self) -> None:
        self._relay.close()
        self._capture.close()


def _with_credentials(address: Address) -> str:
    """FFmpeg takes them in the address only."""
    if not address.user:
        return address.bare
    scheme, _, rest = address.bare.partition("://")
    return f"{scheme}://{quote(address.user, safe='')}:{quote(address.password, safe='')}@{rest}"
