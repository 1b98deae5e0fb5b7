"""What a build holds and what it does not know: for staff, and for choosing what to survey next."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from apps.navigation.core.arrays import Bool
from apps.navigation.core.codes import POINT_KINDS, InclineSource, Kind, Mark
from apps.navigation.core.graph import WalkGraph
from apps.navigation.core.kerbs import Kerb

ISLAND_M = 2000.0  # parts with less network than this are islands


@dataclass(frozen=True, slots=True)
class BuildReport:
    """Counts of a build. Shares are of length in metres, 0 to 1."""

    nodes_n: int
    segments_n: int
    length_m: float
    segments_by_kind: Mapping[str, int]
    kerbs_by_class: Mapping[str, int]
    known_share: Mapping[str, float]
    crossings_n: int
    crossings_without_kerb_n: int
    synthetic_m: float
    islands_n: int
    island_m: float


def report_on(graph: WalkGraph) -> BuildReport:
    s = graph.segments
    kinds = np.bincount(s.kind, minlength=len(Kind))
    kerbs = np.bincount(s.kerb[s.kind == Kind.KERB], minlength=len(Kerb))
    crossing = s.kind == Kind.CROSSING
    part_m = np.bincount(graph.node_part[s.tail], weights=s.length_m)
    small = part_m < ISLAND_M
    small[0] = False
    return BuildReport(
        nodes_n=graph.nodes_n,
        segments_n=graph.segments_n,
        length_m=float(s.length_m.sum()),
        segments_by_kind={k.name.lower(): int(kinds[k]) for k in Kind if kinds[k]},
        kerbs_by_class={k.name.lower(): int(kerbs[k]) for k in Kerb if kerbs[k]},
        known_share=known_shares(graph),
        crossings_n=int(crossing.sum()),
        crossings_without_kerb_n=int((crossing & (s.kerb_missing_n > 0)).sum()),
        synthetic_m=float(s.length_m[(s.marks & Mark.SYNTHETIC) > 0].sum()),
        islands_n=int(small.sum()),
        island_m=float(part_m[small].sum()),
    )


def known_masks(graph: WalkGraph) -> dict[str, Bool]:
    """For each attribute, the segments on which somebody has said it."""
    s = graph.segments
    return {
        "incline": s.incline_source >= InclineSource.TAG,
        "width": ~np.isnan(s.width_m),
        "surface": s.surface > 0,
        "smoothness": s.smoothness > 0,
        "lit": s.lit > 0,
        "tactile": s.tactile > 0,
    }


def known_shares(graph: WalkGraph) -> dict[str, float]:
    s = graph.segments
    walked = ~np.isin(s.kind, POINT_KINDS)
    total_m = max(float(s.length_m[walked].sum()), 1e-9)
    return {
        name: float(s.length_m[walked & known].sum()) / total_m
        for name, known in known_masks(graph).items()
    }
