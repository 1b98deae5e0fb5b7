"""How much of a way is known, attribute by attribute: what a person may rely on."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numba as nb
import numpy as np

from apps.navigation.core.arrays import F8, I4, I8, Bool
from apps.navigation.core.codes import POINT_KINDS, InclineSource, Kind
from apps.navigation.core.graph import Rows, WalkGraph
from apps.navigation.core.kerbs import Kerb
from apps.navigation.core.routing import Way

ATTRIBUTES = ("incline", "width", "surface", "smoothness", "lit", "tactile")
_CROSSING, _TAG, _NO_KERB = int(Kind.CROSSING), int(InclineSource.TAG), int(Kerb.NONE)
_IS_WALKED = np.array([kind not in POINT_KINDS for kind in Kind])


@dataclass(frozen=True, slots=True)
class Certainty:
    """Shares of length known, 0 to 1, and the kerbs on the way.

    `kerb` is the share of expected kerbs that somebody described; 1 where none is expected.
    `unknown_crossings_n` counts the crossings with at least one unknown kerb.
    """

    shares: Mapping[str, float]
    kerbs_n: int
    kerbs_unknown_n: int
    unknown_crossings_n: int
    oldest_check_on: int

    @property
    def kerb(self) -> float:
        return 1.0 - self.kerbs_unknown_n / self.kerbs_n if self.kerbs_n else 1.0


def certainty_of(graph: WalkGraph, way: Way) -> Certainty:
    known_m = np.zeros(len(ATTRIBUTES) + 1)
    counts = np.zeros(4, dtype=np.int64)
    _count(graph.rows, way.segments, way.lengths_m, _IS_WALKED, known_m, counts)
    total_m = max(float(known_m[-1]), 1e-9)
    shares = known_m[:-1] / total_m
    kerbs_n, unknown_n, crossings_n, oldest = counts.tolist()
    return Certainty(
        shares=dict(zip(ATTRIBUTES, shares.tolist(), strict=True)),
        kerbs_n=kerbs_n,
        kerbs_unknown_n=unknown_n,
        unknown_crossings_n=crossings_n,
        oldest_check_on=oldest,
    )


@nb.njit(nogil=True, cache=True)
def _count(
    rows: Rows, segments: I4, lengths_m: F8, is_walked: Bool, known_m: F8, counts: I8
) -> None:
    """Lengths known by attribute, the whole length last; kerbs, unknown kerbs, crossings, oldest
    date.

    Pieces of one OSM feature in a row are one crossing, however it was cut.
    """
    latest = -1
    feature = -1
    for i in range(len(segments)):
        s = rows[segments[i]]
        if is_walked[s.kind]:
            length_m = lengths_m[i]
            known_m[0] += length_m if s.incline_source >= _TAG else 0.0
            known_m[1] += 0.0 if math.isnan(s.width_m) else length_m
            known_m[2] += length_m if s.surface else 0.0
            known_m[3] += length_m if s.smoothness else 0.0
            known_m[4] += length_m if s.lit else 0.0
            known_m[5] += length_m if s.tactile else 0.0
            known_m[6] += length_m
        missing = int(s.kerb_missing_n)
        counts[0] += missing + int(s.kerb != _NO_KERB and missing == 0)
        counts[1] += missing
        if s.osm_id != feature:
            feature = s.osm_id
            latest = -1
        if s.kind == _CROSSING and missing and feature != latest:
            counts[2] += 1
            latest = feature
        if s.checked_on and (counts[3] == 0 or s.checked_on < counts[3]):
            counts[3] = s.checked_on
