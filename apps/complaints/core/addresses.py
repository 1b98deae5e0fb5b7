"""Which addresses of the Internet may be fetched from: public ones, and none that leads into our
own network, however it is written."""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

PORTS = {"http": (80,), "https": (443,)}
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9\-.]{0,251}[A-Za-z0-9])?")
_OURS = (".local", ".internal", ".intranet", ".lan", ".home.arpa", ".localhost", ".localdomain")
MAX_LENGTH = 500


class ForbiddenAddress(ValueError):
    """The message says what is wrong with the address."""


@dataclass(frozen=True, slots=True)
class Remote:
    scheme: str
    host: str
    port: int
    target: str


def read_remote(url: str, *, trusted: frozenset[str] = frozenset()) -> Remote:
    """Take an address apart; `trusted` are `host:port` of the operator's own that may be asked.

    Raises ForbiddenAddress.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ForbiddenAddress("not an address") from error
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme not in PORTS or len(url) > MAX_LENGTH or not url.isascii() or not host:
        raise ForbiddenAddress("an http or https address is expected")
    if parts.username or parts.password or re.search(r"[\s\\\x00-\x1f]", url):
        raise ForbiddenAddress("a plain address is expected, without user or password")
    port = port or PORTS[parts.scheme][0]
    target = parts.path or "/"
    remote = Remote(parts.scheme, host, port, f"{target}?{parts.query}" if parts.query else target)
    if f"{host}:{port}" in trusted:
        return remote
    if port not in PORTS[parts.scheme]:
        raise ForbiddenAddress("only the usual ports are asked")
    _check_host(host)
    return remote


def _check_host(host: str) -> None:
    literal = literal_address(host)
    if literal is not None:
        if not is_public(literal):
            raise ForbiddenAddress("this address is not a public one")
        return
    if not _HOST.fullmatch(host) or "." not in host or host.endswith(_OURS):
        raise ForbiddenAddress("this host is not a public one")


def literal_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that `host` spells, also as 2130706433, 0x7f.1 or 127.1, as resolvers read it."""
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    if not re.fullmatch(r"[0-9a-fx.]+", host):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether it is an address of the open Internet; IPv6 forms of IPv4 count as what they hold."""
    if isinstance(address, ipaddress.IPv6Address):
        for inner in (address.ipv4_mapped, address.sixtofour, (address.teredo or (None, None))[1]):
            if inner is not None and not is_public(inner):
                return False
        if address in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return address.is_global and not (address.is_multicast or address.is_reserved)
