"""An operator's own detector: a YOLOX or RT-DETR graph in ONNX, run by cv2.dnn.

The shape of what it gives decides how it is read; any other shape is refused when it is loaded,
not at night on the first frame.

YOLOX (Z. Ge et al. 2021): 1 × n × (5 + classes): centre, size, objectness, class scores, relative
to cells of strides 8, 16, 32. RT-DETR (Y. Zhao et al. 2024): 1 × n × (4 + classes), or two outputs
n × 4 and n × classes: centre and size as fractions, class scores.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from devices.vision.arrays import Box, Floats, Mask, Picture
from devices.vision.detectors.letterbox import letterboxed, planes
from devices.vision.tracking import Detection

STRIDES = (8, 16, 32)
# Numbers of COCO's classes, in the order of its 80; an operator's model may bring another table.
COCO = {
    0: "person", 1: "bicycle", 2: "vehicle", 3: "vehicle", 5: "vehicle", 7: "vehicle",
}  # fmt: skip


class WrongModelError(ValueError):
    """The file is no detector that we can read; the message says why."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model's maker says of it."""

    side: int = 640
    classes: int = 80
    kinds: Mapping[int, str] | None = None
    least_score: float = 0.3
    most_overlap: float = 0.5

    def __post_init__(self) -> None:
        if self.side % 32 or not 32 <= self.side <= 2048:
            raise WrongModelError("the input's side must be a multiple of 32, up to 2048")
        if self.classes < 1 or not 0 < self.least_score < 1:
            raise WrongModelError("a detector needs classes and a score between 0 and 1")


class OnnxDetector:
    """Loads, tries and reads a detector. Raises WrongModelError for what it can't read."""

    def __init__(self, onnx: bytes, card: ModelCard | None = None) -> None:
        self.card = card or ModelCard()
        try:
            self._net = cv2.dnn.readNetFromONNX(np.frombuffer(onnx, np.uint8))
            given = self._run(np.full((self.card.side, self.card.side, 3), 114, np.uint8))
        except cv2.error as wrong:
            raise WrongModelError(f"OpenCV can't run this model: {wrong.err}") from wrong
        self._is_yolox = self._told_apart([each.shape for each in given])

    def detect(self, picture: Picture, moving: Mask) -> list[Detection]:
        fitted = letterboxed(picture, self.card.side)
        boxes, scores = self._read(self._run(fitted.picture))
        height, width = picture.shape[:2]
        return self._named(boxes / fitted.scale / ([width, height] * 2), scores)

    def _run(self, square: Picture) -> list[Floats]:
        self._net.setInput(planes(square) if self._wants_bytes else planes(square) / 255)
        return [np.asarray(each) for each in self._net.forward(list(self._outputs))]

    @property
    def _outputs(self) -> Sequence[str]:
        return tuple(self._net.getUnconnectedOutLayersNames())

    @property
    def _wants_bytes(self) -> bool:
        """YOLOX reads 0..255, RT-DETR 0..1; before it is known which, neither matters."""
        return getattr(self, "_is_yolox", True)

    def _told_apart(self, shapes: Sequence[tuple[int, ...]]) -> bool:
        side, classes = self.card.side, self.card.classes
        cells = sum((side // stride) ** 2 for stride in STRIDES)
        if list(shapes) == [(1, cells, 5 + classes)]:
            return True
        if len(shapes) == 1 and len(shapes[0]) == 3 and shapes[0][2] == 4 + classes:
            return False
        if sorted(shape[-1] for shape in shapes) == sorted([4, classes]):
            return False
        raise WrongModelError(
            f"the model gives {' and '.join(map(str, shapes))}; for {classes} classes at "
            f"{side} pixels YOLOX gives (1, {cells}, {5 + classes}) and RT-DETR "
            f"(1, n, {4 + classes}), or (1, n, 4) and (1, n, {classes})"
        )

    def _read(self, given: list[Floats]) -> tuple[Floats, Floats]:
        """Boxes as corners in the square's pixels, and each one's class scores."""
        if self._is_yolox:
            return yolox(given[0][0], self.card.side)
        if len(given) == 2:
            given = sorted(given, key=lambda each: each.shape[-1] != 4)
        rows = np.concatenate([each.reshape(-1, each.shape[-1]) for each in given], axis=-1)
        return _corners(rows[:, :4] * self.card.side), _as_shares(rows[:, 4:])

    def _named(self, boxes: Floats, scores: Floats) -> list[Detection]:
        kinds = COCO if self.card.kinds is None else self.card.kinds
        best = scores.argmax(1)
        score = scores[np.arange(len(scores)), best]
        kept = (score >= self.card.least_score) & np.isin(best, list(kinds))
        return [
            Detection(
                Box(*(float(side) for side in boxes[n])), kinds[int(best[n])], float(score[n])
            )
            for n in _apart(
                boxes, score, best, np.flatnonzero(kept).tolist(), self.card.most_overlap
            )
        ]


def _as_shares(scores: Floats) -> Floats:
    """Some exports end in logits, some in probabilities."""
    if scores.size and (scores.min() < 0 or scores.max() > 1):
        return np.asarray(1 / (1 + np.exp(-scores)))
    return scores


def yolox(rows: Floats, side: int) -> tuple[Floats, Floats]:
    """Cell offsets and log sizes to corners; objectness times class."""
    cells, strides = _cells(side)
    centres = (rows[:, :2] + cells) * strides
    sizes = np.exp(np.clip(rows[:, 2:4], -10, 10)) * strides
    return _corners(np.column_stack([centres, sizes])), rows[:, 4:5] * rows[:, 5:]


def _cells(side: int) -> tuple[Floats, Floats]:
    cells, strides = [], []
    for stride in STRIDES:
        n = side // stride
        x, y = np.meshgrid(np.arange(n), np.arange(n))
        cells.append(np.column_stack([x.ravel(), y.ravel()]))
        strides.append(np.full((n * n, 1), stride))
    return np.concatenate(cells).astype(float), np.concatenate(strides).astype(float)


def _corners(centred: Floats) -> Floats:
    middle, half = centred[:, :2], centred[:, 2:4] / 2
    return np.column_stack([middle - half, middle + half])


def _apart(
    boxes: Floats, score: Floats, kind: Floats, among: list[int], most_overlap: float
) -> list[int]:
    """Non-maximum suppression within each kind, best first."""
    kept: list[int] = []
    for n in sorted(among, key=lambda n: -float(score[n])):
        box = Box(*boxes[n])
        if all(kind[n] != kind[m] or box.overlap(Box(*boxes[m])) <= most_overlap for m in kept):
            kept.append(n)
    return kept
