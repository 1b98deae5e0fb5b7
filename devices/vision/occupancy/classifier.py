"""Occupied or free: our own small network, run by cv2.dnn in batches, tuned for a lot.

The file holds the network; a lot's tuning is another last layer over the same 64 features.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import cv2
import numpy as np

from devices.vision.arrays import Floats, Picture
from devices.vision.occupancy.patches import normalised

FEATURES = 64


@dataclass(frozen=True, slots=True)
class Head:
    """The last layer: logit = weights · features + bias."""

    weights: tuple[float, ...]
    bias: float

    def __post_init__(self) -> None:
        if len(self.weights) != FEATURES:
            raise ValueError(f"a head has {FEATURES} weights, not {len(self.weights)}")
        if not np.isfinite([*self.weights, self.bias]).all():
            raise ValueError("a head's weights must be finite")

    def logits(self, features: Floats) -> Floats:
        return np.asarray(features @ np.array(self.weights) + self.bias)


class OccupancyModel:
    """Raises ValueError for a file that is not such a network."""

    BATCH = 64

    def __init__(self, onnx: bytes) -> None:
        try:
            self._net = cv2.dnn.readNetFromONNX(np.frombuffer(onnx, np.uint8))
            self._net.setPreferableBackend(cv2.dnn.DNN_BACKEND_OPENCV)
            features, logits = self._forward(np.zeros((2, 3, 32, 64), np.float32))
        except cv2.error as wrong:
            raise ValueError(f"this is no occupancy network: {wrong.err}") from wrong
        if features.shape != (2, FEATURES) or logits.shape != (2,):
            raise ValueError("an occupancy network gives 64 features and one logit a patch")
        self.head = self._own_head()

    @classmethod
    def bundled(cls) -> "OccupancyModel":
        """The network that comes with the project."""
        return cls(resources.files(__package__).joinpath("model.onnx").read_bytes())

    def features(self, patches: Sequence[Picture]) -> Floats:
        if len(patches) == 0:
            return np.empty((0, FEATURES), np.float32)
        batches = range(0, len(patches), self.BATCH)
        found = [self._forward(normalised(patches[n : n + self.BATCH]))[0] for n in batches]
        return np.concatenate(found)

    def logits(self, patches: Sequence[Picture], head: Head | None = None) -> Floats:
        return (head or self.head).logits(self.features(patches))

    def _forward(self, patches: Floats) -> tuple[Floats, Floats]:
        self._net.setInput(patches)
        features, logits = self._net.forward(["features", "logit"])
        return np.asarray(features), np.asarray(logits).reshape(len(patches))

    def _own_head(self) -> Head:
        """cv2.dnn keeps the layer's parameters; read rather than stored twice."""
        layer = self._net.getLayer(self._net.getLayerId("onnx_node_output_0!logit"))
        weights, bias = layer.blobs[0].ravel(), layer.blobs[1].ravel()
        return Head(tuple(float(w) for w in weights), float(bias[0]))


def confidence(logit: float) -> float:
    """Of the likelier of the two."""
    return float(1 / (1 + np.exp(-abs(logit))))
