"""When a picture was taken: a stream's own presentation time stamps, laid on the city's time.

Stamps run evenly where arrival does not, so speeds are measured by them. They start anywhere,
start anew with the stream, and some streams have none worth the name: where stamp and arrival have
drifted apart, or the stamps run backwards, they are laid on anew.
"""

from dataclasses import dataclass

DRIFT_S = 2.0
LEAST_STEP_S = 0.001


@dataclass
class Timeline:
    drift_s: float = DRIFT_S
    _offset_s: float | None = None
    _last_pts_s: float = 0.0
    _last_s: float = float("-inf")

    def at(self, pts_s: float | None, arrived_s: float) -> float:
        """The picture's time, always later than that of the one before."""
        taken_s = arrived_s if pts_s is None else self._laid(pts_s, arrived_s)
        self._last_s = max(taken_s, self._last_s + LEAST_STEP_S)
        return self._last_s

    def _laid(self, pts_s: float, arrived_s: float) -> float:
        """No picture was taken after it came: what came sooner than thought corrects the rest."""
        latest_s = arrived_s - pts_s
        offset_s = latest_s if self._offset_s is None else min(self._offset_s, latest_s)
        if pts_s < self._last_pts_s or latest_s - offset_s > self.drift_s:
            offset_s = latest_s
        self._last_pts_s, self._offset_s = pts_s, offset_s
        return pts_s + offset_s
