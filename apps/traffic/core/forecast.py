"""Speeds in 15, 30 and 60 minutes: what is usual then, and how much of today's deviation lasts.

    v(t + h) = usual(t + h) + a_h (v(t) - usual(t)) + b_h (v(t) - v(t - 15 min)) + c_h d(t) + e_h

`usual` is the mean of the slot of day over days of its kind, d the mean deviation of the links that
meet this one at either end, all in shares of the free speed so that links can be learnt from
together. The coefficients come from a ridge regression over all links and slots, one for each
horizon. A link without history deviates from its free speed; with coefficients of (1, 0, 0, 0) and
no usual the forecast is persistence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SLOT_MIN = 5
SLOTS_A_DAY = 24 * 60 // SLOT_MIN
HORIZONS_MIN = (15, 30, 60)
RIDGE = 1.0
TREND_SLOTS = 3
SMOOTH = np.array([0.15, 0.2, 0.3, 0.2, 0.15])  # over neighbouring slots of the usual day
PRIOR_N = 2.0  # days' weight of the link's mean over all slots


@dataclass(frozen=True)
class Model:
    """`usual[k, s, l]`: of day kind k (0 working, 1 free), slot s, link l, as share of free speed.
    `weights[h]` belong to the features of `features`."""

    usual: Floats
    weights: Floats

    @property
    def links_n(self) -> int:
        return int(self.usual.shape[2])


def usual_days(shares: Floats, kinds: Sequence[int]) -> Floats:
    """`shares[d, s, l]` of days d of kinds 0 or 1; NaN where nothing was seen."""
    mean = np.nanmean(np.where(np.isnan(shares), np.nan, shares), axis=(0, 1), keepdims=True)[0]
    mean = np.where(np.isnan(mean), 1.0, mean)
    found = np.empty((2, *shares.shape[1:]))
    for kind in (0, 1):
        days = shares[np.array(kinds) == kind]
        seen = (~np.isnan(days)).sum(axis=0)
        total = np.nansum(days, axis=0) if len(days) else np.zeros(shares.shape[1:])
        found[kind] = _smooth((total + PRIOR_N * mean) / (seen + PRIOR_N))
    return found


def _smooth(days: Floats) -> Floats:
    """Round the clock."""
    reach = len(SMOOTH) // 2
    return sum(
        (weight * np.roll(days, place - reach, axis=0) for place, weight in enumerate(SMOOTH)),
        start=np.zeros_like(days),
    )


def features(now: Floats, before: Floats, usual: Floats, meets: Floats) -> Floats:
    """One row a link: deviation, trend, deviation around, one. `meets[l, m]` are weights that sum
    to one over the links m that meet l (or to none). What was not seen deviates by nothing."""
    deviation = np.nan_to_num(now - usual)
    trend = np.nan_to_num(now - before)
    return np.stack((deviation, trend, meets @ deviation, np.ones_like(deviation)), axis=-1)


def train(shares: Floats, kinds: Sequence[int], meets: Floats) -> Model:
    """Learn from whole days; needs two at least."""
    usual = usual_days(shares, kinds)
    weights = np.zeros((len(HORIZONS_MIN), 4))
    for place, minutes in enumerate(HORIZONS_MIN):
        rows, wanted = _examples(shares, kinds, meets, usual, minutes // SLOT_MIN)
        gram = rows.T @ rows + RIDGE * np.eye(rows.shape[1])
        weights[place] = np.linalg.solve(gram, rows.T @ wanted)
    return Model(usual, weights)


def _examples(
    shares: Floats, kinds: Sequence[int], meets: Floats, usual: Floats, ahead: int
) -> tuple[Floats, Floats]:
    rows: list[Floats] = []
    wanted: list[Floats] = []
    for day, kind in zip(shares, kinds, strict=True):
        for slot in range(TREND_SLOTS, SLOTS_A_DAY - ahead, 2):
            x = features(day[slot], day[slot - TREND_SLOTS], usual[kind, slot], meets)
            y = day[slot + ahead] - usual[kind, slot + ahead]
            seen = ~np.isnan(y) & ~np.isnan(day[slot])
            rows.append(x[seen])
            wanted.append(y[seen])
    return np.concatenate(rows), np.concatenate(wanted)


def predict(
    model: Model, now: Floats, before: Floats, meets: Floats, *, slot: int, kind: int,
    next_kind: int,
) -> Floats:  # fmt: skip
    """Shares of free speed, horizons by links. `next_kind` is that of tomorrow."""
    x = features(now, before, model.usual[kind, slot], meets)
    found = np.empty((len(HORIZONS_MIN), model.links_n))
    for place, minutes in enumerate(HORIZONS_MIN):
        ahead = slot + minutes // SLOT_MIN
        there = model.usual[kind if ahead < SLOTS_A_DAY else next_kind, ahead % SLOTS_A_DAY]
        found[place] = there + x @ model.weights[place]
    return np.clip(found, 0.02, 1.2)


def neighbours(ends: Sequence[tuple[int, int]]) -> Floats:
    """`meets` of links given by their first and last nodes; a link's way back counts as none."""
    n = len(ends)
    meets = np.zeros((n, n))
    into: dict[int, list[int]] = {}
    out_of: dict[int, list[int]] = {}
    for link, (first, last) in enumerate(ends):
        out_of.setdefault(first, []).append(link)
        into.setdefault(last, []).append(link)
    for link, (first, last) in enumerate(ends):
        around = [m for m in out_of.get(last, []) if ends[m][1] != first]
        around += [m for m in into.get(first, []) if ends[m][0] != last]
        if around:
            meets[link, around] = 1.0 / len(around)
    return meets


def skill(model: Model, day: Floats, kind: int, meets: Floats) -> dict[str, float]:
    """1 - our mean absolute error / persistence's, by horizon, on a day not learnt from."""
    found: dict[str, float] = {}
    for place, minutes in enumerate(HORIZONS_MIN):
        ahead = minutes // SLOT_MIN
        ours = persistence = 0.0
        for slot in range(TREND_SLOTS, SLOTS_A_DAY - ahead):
            told = predict(
                model, day[slot], day[slot - TREND_SLOTS], meets,
                slot=slot, kind=kind, next_kind=kind,
            )[place]  # fmt: skip
            seen = ~np.isnan(day[slot]) & ~np.isnan(day[slot + ahead])
            ours += float(np.abs(told - day[slot + ahead])[seen].sum())
            persistence += float(np.abs(day[slot] - day[slot + ahead])[seen].sum())
        found[str(minutes)] = round(1.0 - ours / persistence, 4) if persistence else 0.0
    return found
