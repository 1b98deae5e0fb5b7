"""A recording, played at its own speed and again from its start: for trying out a camera's zones.

Only files below the operator's folder of recordings (`CITIZEN_CAMERA_FILES_DIR`) may be opened.
"""

import time
from pathlib import Path

from devices.adapters.captured import Captured
from devices.adapters.video import Lost, Picture, Refused, Stream, Terms
from devices.cameras.addresses import BadAddress, read_address


def open_stream(url: str, terms: Terms) -> Stream:
    try:
        path = Path(read_address(url, ["file"]).path).resolve()
    except BadAddress as error:
        raise Refused(str(error)) from error
    if terms.files is None or not path.is_relative_to(terms.files.resolve()):
        raise Refused("Recordings may only lie in the folder that is set for them.")
    if not path.is_file():
        raise Lost("There is no such recording.")
    return _Played(Captured(str(path)))


class _Played:
    """Holds each picture back until its time has come."""

    def __init__(self, capture: Captured) -> None:
        self._capture = capture
        self._begun_s = time.monotonic()

    def grab(self) -> float | None:
        pts_s = self._capture.grab() or 0.0
        time.sleep(max(0.0, self._begun_s + pts_s - time.monotonic()))
        return pts_s

    def retrieve(self) -> Picture:
        return self._capture.retrieve()

    def close(self) -> None:
        self._capture.close()
