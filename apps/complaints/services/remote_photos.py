"""Photos that a report only points to: fetched by the worker, from public addresses alone.

The address is checked when the report comes in, and again for each connection, which then goes to
the very address that was checked: a name that changes its mind in between gains nothing.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.base import work
from apps.base.media import keep_photo
from apps.base.problems import Invalid, Problem
from apps.complaints.core.addresses import (
    ForbiddenAddress,
    Remote,
    is_public,
    literal_address,
    read_remote,
)
from apps.complaints.events import FETCH
from apps.complaints.models import Attachment, ServiceRequest
from apps.complaints.services.photos import MAX_PHOTOS

TIMEOUT_S = 8


def check_media_url(url: str) -> str:
    """Raises Invalid for an address that is none, or leads into our own network."""
    try:
        remote = _remote(url)
        _addresses(remote, strict=False)
    except ForbiddenAddress as error:
        raise Invalid(
            errors={"media_url": _("A public http or https address of a photo is expected.")}
        ) from error
    return url


def fetch_later(*, request: ServiceRequest) -> None:
    for n, url in enumerate(request.media_urls[:MAX_PHOTOS]):
        work.enqueue(FETCH, {"code": str(request.code), "url": url}, key=f"{request.code}:{n}")


def fetch_photo(payload: Mapping[str, Any]) -> None:
    """Work handler. What is no photo, or too large, is left where it is; a host that is away is
    asked again later."""
    request = ServiceRequest.objects.filter(code=payload["code"]).first()
    if request is None or not request.is_open:
        return
    try:
        media = keep_photo(download(payload["url"]))
    except (ForbiddenAddress, Problem):
        return
    Attachment.objects.create(request=request, media=media, created_at=media.created_at)


def download(url: str) -> bytes:
    """The bytes behind an address; no redirect is followed.

    Raises ForbiddenAddress; OSError or HTTPException where the host does not answer properly.
    """
    remote = _remote(url)
    address = _addresses(remote, strict=True)[0]
    connection = _Pinned(remote, address)
    try:
        connection.request("GET", remote.target, headers={"Accept": "image/*"})
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise ForbiddenAddress(f"answered {answer.status}")
        content = answer.read(settings.MAX_UPLOAD_BYTES + 1)
    finally:
        connection.close()
    if len(content) > settings.MAX_UPLOAD_BYTES:
        raise ForbiddenAddress("too large")
    return content


def _trusted() -> frozenset[str]:
    return frozenset(settings.COMPLAINTS_MEDIA_HOSTS)


def _remote(url: str) -> Remote:
    return read_remote(url, trusted=_trusted())


def _addresses(remote: Remote, *, strict: bool) -> list[str]:
    """Where the host is. A name nobody knows is refused only when `strict`.

    Raises ForbiddenAddress if any of its addresses is one of ours.
    """
    try:
        found = socket.getaddrinfo(remote.host, remote.port, type=socket.SOCK_STREAM)
    except OSError as error:
        if strict:
            raise ForbiddenAddress("this host is not known") from error
        return []
    addresses = [str(entry[4][0]) for entry in found]
    if f"{remote.host}:{remote.port}" in _trusted():
        return addresses
    for text in addresses:
        address = literal_address(text) or ipaddress.ip_address(0)
        if not is_public(address):
            raise ForbiddenAddress("this host is one of ours")
    return addresses


class _Pinned(http.client.HTTPConnection):
    """Talks to the address that was checked, under the host's own name."""

    def __init__(self, remote: Remote, address: str) -> None:
        super().__init__(remote.host, remote.port, timeout=TIMEOUT_S)
        self._remote, self._address = remote, address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self._remote.port), TIMEOUT_S)
        if self._remote.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self._remote.host)
        else:
            self.sock = plain
