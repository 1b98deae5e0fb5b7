"""All bays that one camera sees: cut out, classified in one batch, smoothed one by one."""

from collections.abc import Sequence

from devices.vision.arrays import Floats, Picture
from devices.vision.findings import BayState
from devices.vision.occupancy.classifier import Head, OccupancyModel
from devices.vision.occupancy.patches import cut_out
from devices.vision.occupancy.smoothing import BayFilter, Smoothing
from devices.vision.scene import Bay


class Lot:
    """`head` is the lot's own last layer from commissioning; the network's own without one."""

    def __init__(
        self,
        bays: Sequence[Bay],
        model: OccupancyModel,
        head: Head | None = None,
        smoothing: Smoothing | None = None,
    ) -> None:
        self.bays, self.model, self.head = tuple(bays), model, head
        self._filters = [BayFilter(bay.key, smoothing) for bay in self.bays]

    def look(self, frame: Picture, at_s: float) -> list[BayState]:
        logits = self.logits(frame)
        return [
            bay.look(float(logit), at_s) for bay, logit in zip(self._filters, logits, strict=True)
        ]

    def lose_sight(self, at_s: float) -> list[BayState]:
        """The view is not well: every bay is unknown until it has been seen anew."""
        return [bay.look(None, at_s) for bay in self._filters]

    def patches(self, frame: Picture) -> list[Picture]:
        return [cut_out(frame, bay.corners) for bay in self.bays]

    def logits(self, frame: Picture) -> Floats:
        return self.model.logits(self.patches(frame), self.head)
