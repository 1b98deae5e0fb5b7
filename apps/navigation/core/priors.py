"""How likely an unknown attribute is bad, learned from what is known in the same build.

For each attribute the known values are counted in bins; the chance that an unknown one breaks a
given limit is the share of
known ones that do, drawn toward a weak prior (Beta with a few pseudo-observations) where little is
known.
"""

from dataclasses import dataclass

import numpy as np

from apps.navigation.core.arrays import F4, F8, Bool
from apps.navigation.core.codes import InclineSource, Kind
from apps.navigation.core.graph import WalkGraph
from apps.navigation.core.kerbs import Kerb

_PSEUDO_KERBS = 20.0
_PSEUDO_M = 2000.0


@dataclass(frozen=True, slots=True)
class Known:
    """Sorted known values with their weights, and the prior for "worse than the limit"."""

    values: F8
    weights: F8
    prior_mean: float
    prior_weight: float

    def share_above(self, limit: float | None) -> float:
        """Expected share of unknown values above a limit; 0 without a limit."""
        if limit is None:
            return 0.0
        bad = float(self.weights[self.values > limit].sum())
        return self._shrunk(bad)

    def share_below(self, limit: float | None) -> float:
        if limit is None:
            return 0.0
        bad = float(self.weights[self.values < limit].sum())
        return self._shrunk(bad)

    def _shrunk(self, bad: float) -> float:
        total = float(self.weights.sum())
        prior = self.prior_mean * self.prior_weight
        return (bad + prior) / (total + self.prior_weight)


@dataclass(frozen=True, slots=True)
class Priors:
    """What is known of a city's kerbs (cm), widths (m), grades (percent) and smoothness (code)."""

    kerb_cm: Known
    width_m: Known
    grade_pct: Known
    smoothness: Known


def learn(graph: WalkGraph) -> Priors:
    s = graph.segments
    measured = s.kerb_cm[(s.kind == Kind.KERB) & (s.kerb != Kerb.UNKNOWN)]
    ones = np.ones(len(measured), dtype=np.float32)
    tagged = s.incline_source == InclineSource.TAG
    return Priors(
        # where no kerb is known none can be chosen: a high prior would only send people round in
        # vain
        kerb_cm=_known(measured, ones, 0.025, _PSEUDO_KERBS),
        width_m=_where(s.width_m, s.length_m, ~np.isnan(s.width_m), 0.03),
        grade_pct=_where(np.abs(s.incline_pct), s.length_m, tagged, 0.05),
        smoothness=_where(s.smoothness.astype(np.float32), s.length_m, s.smoothness > 0, 0.05),
    )


def _where(values: F4, length_m: F4, mask: Bool, prior_mean: float) -> Known:
    return _known(values[mask], length_m[mask], prior_mean, _PSEUDO_M)


def _known(values: F4, weights: F4, prior_mean: float, prior_weight: float) -> Known:
    order = np.argsort(values)
    return Known(
        values[order].astype(np.float64),
        weights[order].astype(np.float64),
        prior_mean,
        prior_weight,
    )
