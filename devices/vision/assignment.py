"""Who belongs to whom at the least total cost.

H. W. Kuhn, The Hungarian method for the assignment problem, Naval Research Logistics 2, 1955, in
the shortest augmenting path form of R. Jonker and A. Volgenant, Computing 38, 1987.
"""

import numpy as np

from devices.vision.arrays import Floats

FORBIDDEN = 1e6


def matched(cost: Floats, limit: float) -> list[tuple[int, int]]:
    """Pairs (row, column) of the cheapest one-to-one matching; none costs more than `limit`."""
    cost = np.where(cost <= limit, cost, FORBIDDEN)
    if cost.size == 0:
        return []
    if cost.shape[0] > cost.shape[1]:
        pairs = [(row, column) for column, row in _rows_matched(cost.T)]
    else:
        pairs = _rows_matched(cost)
    return sorted((row, column) for row, column in pairs if cost[row, column] < FORBIDDEN)


def _rows_matched(cost: Floats) -> list[tuple[int, int]]:
    """Every row gets a column; needs at least as many columns as rows."""
    rows, columns = cost.shape
    row_price, column_price = np.zeros(rows), np.zeros(columns)
    row_of = np.full(columns, -1)
    for row in range(rows):
        least = np.full(columns, np.inf)
        came_from = np.full(columns, -1)
        done = np.zeros(columns, bool)
        current, last = row, -1
        while True:
            reduced = cost[current] - row_price[current] - column_price
            nearer = ~done & (reduced < least)
            least[nearer], came_from[nearer] = reduced[nearer], last
            column = int(np.argmin(np.where(done, np.inf, least)))
            step = least[column]
            # All rows and columns of the tree pay the step, all others come nearer by it.
            row_price[row] += step
            row_price[row_of[done]] += step
            column_price[done] -= step
            least[~done] -= step
            done[column], last = True, column
            if row_of[column] < 0:
                break
            current = row_of[column]
        while last >= 0:
            before = came_from[last]
            row_of[last] = row if before < 0 else row_of[before]
            last = before
    return [(int(row), column) for column, row in enumerate(row_of) if row >= 0]
