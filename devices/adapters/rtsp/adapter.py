"""RTSP (RFC 7826 and its elder, RFC 2326), over TCP so that pictures come whole."""

from urllib.parse import quote

from devices.adapters.captured import Captured
from devices.adapters.video import Lost, Refused, Stream, Terms
from devices.cameras.addresses import Address, BadAddress, NotAllowed, locate, read_address


def open_stream(url: str, terms: Terms) -> Stream:
    try:
        address = read_address(url, ["rtsp"])
        ip = locate(address, terms.networks)
    except (BadAddress, NotAllowed) as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Lost("Its name is not known.") from error
    return Captured(_with_credentials(address.at(ip)))


def _with_credentials(address: Address) -> str:
    """FFmpeg takes them in the address only."""
    if not address.user:
        return address.bare
    scheme, _, rest = address.bare.partition("://")
    return f"{scheme}://{quote(address.user, safe='')}:{quote(address.password, safe='')}@{rest}"
