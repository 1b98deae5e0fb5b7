"""A bay's state over time: a hidden Markov model of two states, filtered forward.

L. R. Rabiner, A tutorial on hidden Markov models, Proc. IEEE 77(2), 1989. A bay changes once in a
dwell time; a look's log-odds are evidence, but looks a few seconds apart err together, so each
is tempered before it counts.
"""

from dataclasses import dataclass

import numpy as np

from devices.vision.findings import BayState


@dataclass(frozen=True, slots=True)
class Smoothing:
    dwell_s: float = 1800.0  # how long a bay keeps its state, about
    evidence: float = 0.5  # share of a look's log-odds that is news
    strongest: float = 4.0  # no look alone may say more
    tell: float = 2.2  # log-odds to change what is told: 0.90
    doubt: float = 0.85  # log-odds below which nothing is told: 0.70

    def __post_init__(self) -> None:
        if self.dwell_s <= 0 or not 0 < self.evidence <= 1 or self.doubt > self.tell:
            raise ValueError("smoothing: needs dwell_s > 0, 0 < evidence ≤ 1, doubt ≤ tell")


class BayFilter:
    """One bay. `look` takes the classifier's log-odds, or None while the view is not well."""

    def __init__(self, bay: str, settings: Smoothing | None = None) -> None:
        self.bay, self.settings = bay, settings or Smoothing()
        self._odds, self._at_s = 0.0, None  # type: tuple[float, float | None]
        self._told: bool | None = None

    def look(self, logit: float | None, at_s: float) -> BayState:
        if logit is None:
            return self._unknown(at_s)
        prior = self._aged(at_s)
        strongest = self.settings.strongest
        self._odds = prior + self.settings.evidence * float(np.clip(logit, -strongest, strongest))
        self._at_s = at_s
        return self._tell(at_s)

    def _aged(self, at_s: float) -> float:
        """The log-odds after a while without a look: a change may have come."""
        if self._at_s is None:
            return 0.0
        stay = np.exp(-max(at_s - self._at_s, 0.0) / self.settings.dwell_s)
        share = 0.5 + (1 / (1 + np.exp(-self._odds)) - 0.5) * stay
        return float(np.log(share / (1 - share)))

    def _tell(self, at_s: float) -> BayState:
        """What was told stands until the opposite is likely; what was never told needs less."""
        likely = self._odds > 0
        if abs(self._odds) >= self.settings.tell:
            self._told = likely
        if likely != self._told or abs(self._odds) < self.settings.doubt:
            return BayState(self.bay, None, 0.0, at_s)
        return BayState(self.bay, self._told, float(1 / (1 + np.exp(-abs(self._odds)))), at_s)

    def _unknown(self, at_s: float) -> BayState:
        """All is forgotten: what was true before the camera was turned need not be any more."""
        self._odds, self._at_s, self._told = 0.0, None, None
        return BayState(self.bay, None, 0.0, at_s)
