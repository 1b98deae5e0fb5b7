"""HTTP/MJPEG. Pictures that nobody will look at are read past, never decoded."""

import http.client
import time
from typing import Any

import cv2
import numpy as np

from devices.adapters import pinned_http
from devices.adapters.video import (
    READ_WITHIN_S,
    Lost,
    Picture,
    Refused,
    Stream,
    Terms,
    check_size,
)
from devices.cameras.addresses import BadAddress, NotAllowed, locate, read_address
from devices.protocols.mjpeg import Garbage, Part, Parts, boundary_of, jpeg_size

PICTURE_WITHIN_S = 6.0


def open_stream(url: str, terms: Terms) -> Stream:
    try:
        address = read_address(url, ["http", "https"])
        ip = locate(address, terms.networks)
    except (BadAddress, NotAllowed) as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Lost("Its name is not known.") from error
    answer = pinned_http.request(address, ip, within_s=READ_WITHIN_S)
    try:
        boundary = boundary_of(answer.headers.get("Content-Type", ""))
    except Garbage as error:
        answer.close()
        raise Lost(str(error)) from error
    return _Mjpeg(answer, boundary)


class _Mjpeg:
    def __init__(self, answer: Any, boundary: bytes) -> None:
        self._answer = answer
        self._parts = Parts(self._read, boundary)
        self._part = Part({}, b"")
        self._due_s = 0.0

    def _read(self, size: int) -> bytes:
        """A stream that trickles is as good as one that stalls."""
        if time.monotonic() > self._due_s:
            raise TimeoutError("No whole picture came for some time.")
        found: bytes = self._answer.read1(size)
        return found

    def grab(self) -> float | None:
        self._due_s = time.monotonic() + PICTURE_WITHIN_S
        try:
            self._part = self._parts.next()
        except (Garbage, EOFError, OSError, http.client.HTTPException) as error:
            raise Lost(str(error) or "The stream ended.") from error
        return self._part.stamp_s

    def retrieve(self) -> Picture:
        try:
            check_size(*jpeg_size(self._part.body))
        except Garbage as error:
            raise Lost(str(error)) from error
        found = np.frombuffer(self._part.body, np.uint8)
        picture: Picture | None = cv2.imdecode(found, cv2.IMREAD_COLOR)
        if picture is None:
            raise Lost("It sends what is no picture.")
        return picture

    def close(self) -> None:
        self._answer.close()
