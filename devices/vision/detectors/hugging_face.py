"""An operator's object detector in the format of transformers, read from a folder of its own.

Optional: torch and transformers are imported only where such a detector is set up.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from devices.vision.arrays import Box, Mask, Picture
from devices.vision.detectors.onnx import COCO, WrongModelError
from devices.vision.tracking import Detection


class TransformersDetector:
    """Anything `AutoModelForObjectDetection` knows: DETR, RT-DETR, YOLOS. Nothing is fetched."""

    def __init__(
        self, folder: Path, kinds: Mapping[int, str] | None = None, least_score: float = 0.3
    ) -> None:
        from transformers import AutoImageProcessor, AutoModelForObjectDetection

        try:
            self._processor = AutoImageProcessor.from_pretrained(folder, local_files_only=True)
            self._model = AutoModelForObjectDetection.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError) as wrong:
            raise WrongModelError(f"{folder}: {wrong}") from wrong
        self._model.eval()
        self.kinds, self.least_score = COCO if kinds is None else kinds, least_score

    def detect(self, picture: Picture, moving: Mask) -> list[Detection]:
        import torch

        height, width = picture.shape[:2]
        rgb = np.ascontiguousarray(picture[:, :, ::-1])
        with torch.no_grad():
            given = self._model(**self._processor(images=rgb, return_tensors="pt"))
        found = self._processor.post_process_object_detection(
            given, threshold=self.least_score, target_sizes=[(height, width)]
        )[0]
        sides = np.array([width, height, width, height])
        return [
            Detection(Box(*(float(s) for s in box.numpy() / sides)), self.kinds[int(k)], float(s))
            for box, k, s in zip(found["boxes"], found["labels"], found["scores"], strict=True)
            if int(k) in self.kinds
        ]
