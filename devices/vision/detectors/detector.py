"""The seam for whoever names what is in a picture."""

from collections.abc import Sequence
from typing import Protocol

from devices.vision.arrays import Mask, Picture
from devices.vision.tracking import Detection


class Detector(Protocol):
    def detect(self, picture: Picture, moving: Mask) -> Sequence[Detection]:
        """What is there now. `moving` is the picture's foreground, of the same size."""
        ...
