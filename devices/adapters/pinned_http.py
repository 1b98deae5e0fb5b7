"""HTTP to one checked address and nowhere else: no redirects, no proxies, no second resolution."""

import http.client
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from devices.adapters.video import Lost, Refused
from devices.cameras.addresses import Address


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object, **_more: object) -> None:
        return None


class _Plain(http.client.HTTPConnection):
    ip = ""

    def connect(self) -> None:
        self.sock = socket.create_connection((self.ip, self.port), self.timeout)


class _Secure(http.client.HTTPSConnection):
    ip = ""

    def connect(self) -> None:
        plain = socket.create_connection((self.ip, self.port), self.timeout)
        self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


class _Pinned(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Connects to the address that was checked, whatever the name says now."""

    def __init__(self, ip: str) -> None:
        super().__init__()
        self._ip = ip

    def http_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(self._plain, request)

    def https_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(self._secure, request)

    def _plain(self, host: str, /, **options: Any) -> _Plain:
        made = _Plain(host, **options)
        made.ip = self._ip
        return made

    def _secure(self, host: str, /, **options: Any) -> _Secure:
        made = _Secure(host, **options)
        made.ip = self._ip
        return made


class _Digest(urllib.request.HTTPDigestAuthHandler):
    def http_error_401(self, *arguments: Any) -> Any:
        return _answered(super().http_error_401, *arguments)


class _Basic(urllib.request.HTTPBasicAuthHandler):
    def http_error_401(self, *arguments: Any) -> Any:
        return _answered(super().http_error_401, *arguments)


def _answered(answer: Callable[..., Any], *arguments: Any) -> Any:
    """urllib leaves the connection of the challenge open."""
    try:
        return answer(*arguments)
    finally:
        arguments[1].close()


def opener(address: Address, ip: str) -> urllib.request.OpenerDirector:
    """Answers a challenge (Basic or Digest) with the address's credentials."""
    known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    if address.user:
        known.add_password(None, address.bare, address.user, address.password)
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        _NoRedirects,
        _Pinned(ip),
        _Digest(known),
        _Basic(known),
    )


def request(
    address: Address, ip: str, *, within_s: float, body: bytes | None = None, **headers: str
) -> Any:
    """The answer, not yet read.

    Raises:
        Refused: the credentials are not taken.
        Lost: anything else than an answer.
    """
    asked = urllib.request.Request(address.bare, data=body, headers=headers)  # noqa: S310 - checked
    try:
        return opener(address, ip).open(asked, timeout=within_s)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in (http.client.UNAUTHORIZED, http.client.FORBIDDEN):
            raise Refused(f"It does not take these credentials ({error.code}).") from None
        raise Lost(f"It answers {error.code}.") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Lost(f"It does not answer ({type(error).__name__}).") from None
