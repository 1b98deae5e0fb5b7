"""From a terrain model to height above nearest drainage (HAND).

1. Priority-flood (Barnes, Lehman & Mulla 2014) walks in from the edge, always at the lowest cell:
   each cell learns its parent, the way its water leaves; depressions are filled on the way.
2. Backwards along that order every cell hands its area to its parent.
3. Cells that gather enough are drainage; every other cell's height is taken above the drainage cell
   that its water reaches first (Nobre et al. 2011, J. Hydrology 404).
Cells without a height (NaN) are walls: nothing flows through a hole in the data.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Cells = NDArray[np.int32]

NO_CELL = -1


@dataclass(frozen=True, eq=False)
class Drainage:
    """By cell: HAND in metres (NaN in holes), the drainage cell it drains to (flat index), how many
    cells drain through it, and how deep a depression fills before it spills."""

    hand_m: Floats
    drains_to: Cells
    gathered: Cells
    sink_depth_m: Floats
    parent: Cells
    holes: float


def drain(height_m: Floats, *, drainage_cells: int) -> Drainage:
    """Analyse a raster; cells that gather at least `drainage_cells` carry a stream.

    Raises:
        ValueError: hardly anything of the raster has a height.
    """
    holes = float(np.mean(~np.isfinite(height_m)))
    if holes > 0.9:
        raise ValueError("Hardly any cell of this raster has a height.")
    filled, parent, order = _flood(np.ascontiguousarray(height_m, dtype=np.float32))
    gathered = _gather(parent, order)
    hand, drains_to = _above_drainage(height_m.ravel(), parent, order, gathered, drainage_cells)
    shape = height_m.shape
    return Drainage(
        hand_m=hand.reshape(shape),
        drains_to=drains_to.reshape(shape),
        gathered=gathered.reshape(shape),
        sink_depth_m=filled.reshape(shape) - height_m.astype(np.float32),
        parent=parent.reshape(shape),
        holes=holes,
    )


@njit(cache=True, nogil=True)
def _flood(height: Floats) -> tuple[Floats, Cells, Cells]:  # noqa: C901 - a kernel, in one piece
    """Filled heights, parents, and the order in which cells were reached; a heap of our own over
    flat arrays, with a plain queue for cells that only have to be filled (Barnes' improvement)."""
    rows, cols = height.shape
    size = rows * cols
    flat = height.ravel()
    filled = flat.copy()
    parent = np.full(size, -1, np.int32)
    seen = np.zeros(size, np.bool_)
    order = np.empty(size, np.int32)
    reached = 0
    heap = np.empty(size, np.int32)
    heap_size = 0
    pit = np.empty(size, np.int32)
    pit_begin, pit_end = 0, 0
    for cell in range(size):
        if np.isnan(flat[cell]):
            seen[cell] = True
            continue
        row, col = cell // cols, cell % cols
        edge = row == 0 or col == 0 or row == rows - 1 or col == cols - 1
        if not edge:
            for step in range(8):
                if np.isnan(flat[_neighbour(cell, step, cols)]):
                    edge = True
        if edge:
            seen[cell] = True
            heap_size = _push(heap, heap_size, filled, cell)
    while heap_size > 0 or pit_begin < pit_end:
        if pit_begin < pit_end:
            cell = pit[pit_begin]
            pit_begin += 1
        else:
            cell = heap[0]
            heap_size = _pop(heap, heap_size, filled)
        order[reached] = cell
        reached += 1
        row, col = cell // cols, cell % cols
        for step in range(8):
            if (
                (row == 0 and step < 3) or (row == rows - 1 and step > 4)
                or (col == 0 and (step == 0 or step == 3 or step == 5))
                or (col == cols - 1 and (step == 2 or step == 4 or step == 7))
            ):  # fmt: skip
                continue
            other = _neighbour(cell, step, cols)
            if seen[other]:
                continue
            seen[other] = True
            parent[other] = cell
            if filled[other] <= filled[cell]:
                filled[other] = filled[cell]
                pit[pit_end] = other
                pit_end += 1
            else:
                heap_size = _push(heap, heap_size, filled, other)
    return filled, parent, order[:reached]


@njit(cache=True, nogil=True)
def _neighbour(cell: int, step: int, cols: int) -> int:
    """The eight around a cell, row by row."""
    if step < 3:
        return cell - cols - 1 + step
    if step < 5:
        return cell - 1 + 2 * (step - 3)
    return cell + cols - 6 + step


@njit(cache=True, nogil=True)
def _push(heap: Cells, size: int, key: Floats, cell: int) -> int:
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if key[heap[above]] <= key[cell]:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = cell
    return size + 1


@njit(cache=True, nogil=True)
def _pop(heap: Cells, size: int, key: Floats) -> int:
    size -= 1
    cell = heap[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and key[heap[below + 1]] < key[heap[below]]:
            below += 1
        if key[heap[below]] >= key[cell]:
            break
        heap[at] = heap[below]
        at = below
    heap[at] = cell
    return size


@njit(cache=True, nogil=True)
def _gather(parent: Cells, order: Cells) -> Cells:
    gathered = np.ones(len(parent), np.int32)
    for place in range(len(order) - 1, -1, -1):
        cell = order[place]
        if parent[cell] >= 0:
            gathered[parent[cell]] += gathered[cell]
    return gathered


@njit(cache=True, nogil=True)
def _above_drainage(
    height: Floats, parent: Cells, order: Cells, gathered: Cells, drainage_cells: int
) -> tuple[Floats, Cells]:
    drains_to = np.full(len(parent), -1, np.int32)
    hand = np.full(len(parent), np.nan, np.float32)
    for cell in order:
        if gathered[cell] >= drainage_cells or parent[cell] < 0:
            drains_to[cell] = cell
        else:
            drains_to[cell] = drains_to[parent[cell]]
        hand[cell] = max(height[cell] - height[drains_to[cell]], 0.0)
    return hand, drains_to
