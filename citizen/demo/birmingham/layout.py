"""Places for sites whose places nobody recorded: spread evenly over points of the town."""

from collections.abc import Sequence

import numpy as np

from apps.base.geo import metres_between

LonLat = tuple[float, float]


def spread(points: Sequence[LonLat], count: int) -> list[LonLat]:
    """`count` of the points, each as far from those before as can be (farthest-first traversal,
    Gonzalez 1985), beginning with the one nearest to the middle. The same for the same points.

    Raises ValueError if there are too few different points.
    """
    distinct = np.array(sorted(set(points)), dtype=np.float64).reshape(-1, 2)
    if len(distinct) < count:
        raise ValueError(f"{count} places are wanted, and there are only {len(distinct)} points.")
    lon, lat = distinct.T
    chosen = [int(np.argmin(metres_between(lon, lat, lon.mean(), lat.mean())))]
    nearest_m = metres_between(lon, lat, *distinct[chosen[0]])
    while len(chosen) < count:
        chosen.append(int(np.argmax(nearest_m)))
        nearest_m = np.minimum(nearest_m, metres_between(lon, lat, *distinct[chosen[-1]]))
    return [(float(x), float(y)) for x, y in distinct[chosen]]
