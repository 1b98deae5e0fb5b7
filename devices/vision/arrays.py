"""The kinds of array that pictures are made of."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]  # height × width × 3, blue green red
Grey = NDArray[np.uint8]  # height × width
Mask = NDArray[np.uint8]  # height × width, 255 where true
Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]
Truths = NDArray[np.bool_]


class Box(NamedTuple):
    """An upright box, in fractions of the picture: (0, 0) is top left, (1, 1) bottom right."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def foot(self) -> tuple[float, float]:
        """Where the thing stands: the middle of the lower edge."""
        return (self.left + self.right) / 2, self.bottom

    @property
    def area(self) -> float:
        return max(self.width, 0.0) * max(self.height, 0.0)

    def overlap(self, other: "Box") -> float:
        """Intersection over union."""
        shared = self.shared_area(other)
        return shared / (self.area + other.area - shared) if shared else 0.0

    def around(self, other: "Box") -> "Box":
        """The least box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def shared_area(self, other: "Box") -> float:
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width * height if width > 0 and height > 0 else 0.0

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """The same box in a picture of that size, cut to it: left, top, right, bottom."""
        return (
            max(int(self.left * width), 0),
            max(int(self.top * height), 0),
            min(int(np.ceil(self.right * width)), width),
            min(int(np.ceil(self.bottom * height)), height),
        )
