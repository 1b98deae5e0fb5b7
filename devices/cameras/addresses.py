"""Where a camera is: its address taken apart, its credentials kept out of sight, its network
checked before anybody connects.

A name is resolved once and the connection made to what was checked, so that a name that changes
its mind in between leads nowhere.
"""

import ipaddress
import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

PORTS = {"rtsp": 554, "http": 80, "https": 443, "file": 0}
MASKED = "…"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]


class BadAddress(ValueError):
    """This can be no camera's address; the message says why and repeats nothing of it."""


class NotAllowed(Exception):
    """The address lies outside the networks that cameras may be in."""


@dataclass(frozen=True, slots=True)
class Address:
    scheme: str
    host: str
    port: int
    path: str
    query: str = ""
    user: str = ""
    password: str = ""

    @property
    def shown(self) -> str:
        """For eyes and logs: no user, no password, no values in the query."""
        names = "&".join(pair.partition("=")[0] + "=" + MASKED for pair in self._pairs())
        return urlunsplit((self.scheme, self._netloc(), self.path, names, ""))

    @property
    def bare(self) -> str:
        """For a request whose credentials travel in a header."""
        return urlunsplit((self.scheme, self._netloc(), self.path, self.query, ""))

    def at(self, ip: str) -> "Address":
        return replace(self, host=ip)

    def _pairs(self) -> list[str]:
        return [pair for pair in self.query.split("&") if pair]

    def _netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port in (0, PORTS[self.scheme]) else f"{host}:{self.port}"


def read_address(url: str, schemes: Collection[str]) -> Address:
    """Raises BadAddress."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise BadAddress("This is no address.") from error
    if parts.scheme not in schemes:
        raise BadAddress(f"It must begin with {' or '.join(sorted(schemes))}.")
    if parts.scheme == "file":
        return Address("file", "", 0, unquote(parts.path))
    if not parts.hostname or any(char.isspace() for char in url.strip()):
        raise BadAddress("There is no host in it.")
    return _of(parts, port)


def _of(parts: SplitResult, port: int | None) -> Address:
    return Address(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=PORTS[parts.scheme] if port is None else port,
        path=parts.path or "/",
        query=parts.query,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def read_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Raises ValueError for what is no network."""
    return tuple(ipaddress.ip_network(text.strip()) for text in texts if text.strip())


def resolve(host: str, port: int) -> Sequence[str]:
    """Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def locate(address: Address, networks: Sequence[Network], resolve: Resolve = resolve) -> str:
    """The IP address to connect to.

    Raises:
        NotAllowed: no address of the host lies in one of the networks.
        OSError: the name is not known at present.
    """
    found = resolve(address.host, address.port)
    for text in found:
        ip = ipaddress.ip_address(text.partition("%")[0])
        if any(ip.version == network.version and ip in network for network in networks):
            return text
    raise NotAllowed("This address lies in a network where no cameras may be.")
