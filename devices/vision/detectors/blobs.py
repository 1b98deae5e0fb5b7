"""The detector that needs no weights: every moving blob is something."""

from devices.vision.arrays import Mask, Picture
from devices.vision.blobs import detections
from devices.vision.ground import View
from devices.vision.tracking import Detection


class BlobDetector:
    def __init__(self, view: View, kind: str | None = None) -> None:
        self.view, self.kind = view, kind

    def detect(self, picture: Picture, moving: Mask) -> list[Detection]:
        return detections(moving, self.view, self.kind)
