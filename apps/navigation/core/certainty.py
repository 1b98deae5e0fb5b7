"""How much of a way is known, attribute by attribute: what a person may rely on."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from apps.navigation.core.arrays import I8
from apps.navigation.core.codes import POINT_KINDS, InclineSource, Kind
from apps.navigation.core.graph import Rows, WalkGraph
from apps.navigation.core.kerbs import Kerb
from apps.navigation.core.routing import Way

# plain integers: an enum member compared with an array is converted element by element
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
    rows = graph.rows[way.segments]
    kind = rows["kind"]
    walked = _IS_WALKED[kind]
    length_m = np.where(walked, way.lengths_m, 0.0)
    known = {
        "incline": rows["incline_source"] >= _TAG,
        "width": ~np.isnan(rows["width_m"]),
        "surface": rows["surface"] > 0,
        "smoothness": rows["smoothness"] > 0,
        "lit": rows["lit"] > 0,
        "tactile": rows["tactile"] > 0,
    }
    total_m = max(float(length_m.sum()), 1e-9)
    missing = rows["kerb_missing_n"].astype(int)
    described = (rows["kerb"] != _NO_KERB) & (missing == 0)
    checked = rows["checked_on"][rows["checked_on"] > 0]
    return Certainty(
        shares={name: float(length_m[mask].sum()) / total_m for name, mask in known.items()},
        kerbs_n=int(described.sum() + missing.sum()),
        kerbs_unknown_n=int(missing.sum()),
        unknown_crossings_n=_unknown_crossings(rows, missing),
        oldest_check_on=int(checked.min()) if len(checked) else 0,
    )


def _unknown_crossings(rows: Rows, missing: I8) -> int:
    """A crossing cut in pieces counts once: pieces of one OSM feature in a row are one crossing."""
    is_crossing = rows["kind"] == _CROSSING
    unknown = np.flatnonzero(missing > 0)
    run = np.cumsum(np.diff(rows["osm_id"], prepend=-1) != 0)
    crossings = unknown[is_crossing[unknown]]
    return len(np.unique(run[crossings]))
