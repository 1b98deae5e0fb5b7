"""Streams that OpenCV opens through FFmpeg: RTSP, and files.

FFmpeg would tell addresses, passwords included, on the standard error: it is told to be silent.
"""

import os

# Read by OpenCV when it opens a stream, so for all of a process alike.
os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = (
    "rtsp_transport;tcp|protocol_whitelist;file,rtsp,rtp,tcp|max_delay;300000"
    "|analyzeduration;800000"
)
os.environ["OPENCV_FFMPEG_LOGLEVEL"] = "-8"
os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(3840 * 2400)

import cv2
import numpy as np

from devices.adapters.video import (
    OPEN_WITHIN_S,
    READ_WITHIN_S,
    Lost,
    Picture,
    check_size,
)

cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
cv2.setNumThreads(1)


class Captured:
    """One `cv2.VideoCapture` on FFmpeg."""

    def __init__(self, url: str, longest_gap_s: float = READ_WITHIN_S) -> None:
        """Raises Lost."""
        self._capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, _patience(longest_gap_s))
        if not self._capture.isOpened():
            raise Lost("It does not answer, or not with pictures.")
        try:
            check_size(
                int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
                int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
            )
        except Lost:
            self.close()
            raise

    def grab(self) -> float | None:
        if not self._capture.grab():
            raise Lost("No picture came for some time, or the stream ended.")
        pts_ms = float(self._capture.get(cv2.CAP_PROP_POS_MSEC))
        return pts_ms / 1000 if pts_ms >= 0 else None

    def retrieve(self) -> Picture:
        there, picture = self._capture.retrieve()
        if not there or picture is None or picture.ndim != 3:
            raise Lost("It sends what is no picture.")
        check_size(picture.shape[1], picture.shape[0])
        return np.asarray(picture)

    def close(self) -> None:
        self._capture.release()


def _patience(longest_gap_s: float) -> list[int]:
    return [
        int(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC), int(max(OPEN_WITHIN_S, longest_gap_s) * 1000),
        int(cv2.CAP_PROP_READ_TIMEOUT_MSEC), int(longest_gap_s * 1000),
        int(cv2.CAP_PROP_N_THREADS), 1,
    ]  # fmt: skip
