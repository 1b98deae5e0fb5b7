"""Forecasts of discharge: GR4H, its level updated, its errors carried on, trees on what remains.

Trees do not extrapolate, so they never see the flood itself: they correct a model that does.
1. GR4H runs ahead from its stores and from stores put to the observed level;
2. a linear correction carries the recent errors on (fitted by least squares);
3. trees learn the residual, once as it is and once divided by √flow, and their mean is taken;
4. trees for the quantiles learn the errors of models that had not seen the year.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.hazards.core.calibration import WARM_UP_H
from apps.hazards.core.features import MAX_LEAD_H, View, errors, features
from apps.hazards.core.forest import TREES, Forest, forest_of, grow
from apps.hazards.core.history import Floats

LEADS_H = (1, 2, 3, 6, 9, 12, 18, 24)
QUANTILES = (0.1, 0.5, 0.9)
_FOLDS = 5
_SMALLEST = 0.02  # mm/h: below it errors are no longer in proportion to √flow

Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class LeadModel:
    """What is known about one lead."""

    linear: Floats
    plain: Sequence[Forest]
    rooted: Sequence[Forest]
    spread: Sequence[Forest]  # one for each of QUANTILES

    def mean(self, view: View, lead_h: int) -> Floats:
        told = features(view, lead_h)
        base = _base(view, lead_h, self.linear)
        plain = np.mean([forest.predict(told) for forest in self.plain], axis=0)
        rooted = np.mean([forest.predict(told) for forest in self.rooted], axis=0)
        mean: Floats = np.maximum(base + 0.5 * (plain + rooted * _scale(base)), 0.0)
        return mean

    def quantiles(self, view: View, lead_h: int, mean: Floats) -> Floats:
        """By row and quantile, never crossing, never negative."""
        told = _spread_features(view, lead_h, mean)
        errors_ = np.stack([forest.predict(told) for forest in self.spread], axis=1)
        values = mean[:, None] + errors_ * _scale(mean)[:, None]
        return np.sort(np.maximum(values, 0.0), axis=1)


@dataclass(frozen=True, eq=False)
class Model:
    """Leads in between are drawn between their neighbours' corrections."""

    leads: Mapping[int, LeadModel]

    def forecast(self, view: View) -> tuple[Floats, Floats]:
        """Mean by row and lead 1 to 24, and quantiles by row, lead and quantile."""
        known = sorted(self.leads)
        means = {lead: self.leads[lead].mean(view, lead) for lead in known}
        spreads = {lead: self.leads[lead].quantiles(view, lead, means[lead]) for lead in known}
        hours = np.arange(1, MAX_LEAD_H + 1)
        raw = view.updated
        more = np.stack([means[lead] - raw[:, lead - 1] for lead in known], axis=1)
        apart = np.stack([spreads[lead] - means[lead][:, None] for lead in known], axis=1)
        mean = np.maximum(raw + _between(hours, known, more), 0.0)
        around = np.stack(
            [_between(hours, known, apart[:, :, q]) for q in range(len(QUANTILES))], axis=2
        )
        return mean, np.sort(np.maximum(mean[:, :, None] + around, 0.0), axis=2)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """For keeping: names and arrays, nothing else."""
        kept: dict[str, NDArray[Any]] = {"leads": np.array(sorted(self.leads))}
        for lead, model in self.leads.items():
            kept[f"{lead}.linear"] = model.linear
            for part in ("plain", "rooted", "spread"):
                forests = getattr(model, part)
                kept[f"{lead}.{part}"] = np.array(len(forests))
                for number, forest in enumerate(forests):
                    kept |= forest.arrays(f"{lead}.{part}.{number}")
        return kept


def model_of(arrays: Mapping[str, NDArray[Any]]) -> Model:
    """What `Model.arrays` gave."""

    def forests(lead: int, part: str) -> list[Forest]:
        count = int(arrays[f"{lead}.{part}"])
        return [forest_of(arrays, f"{lead}.{part}.{number}") for number in range(count)]

    return Model(
        {
            lead: LeadModel(
                arrays[f"{lead}.linear"],
                *(forests(lead, part) for part in ("plain", "rooted", "spread")),
            )
            for lead in (int(lead) for lead in arrays["leads"])
        }
    )


def train(
    view: View,
    *,
    leads: Sequence[int] = LEADS_H,
    trees: int = TREES,
    progress: Progress = lambda _share: None,
) -> Model:
    """Learn each lead from a view that has a row for every hour of the record."""
    learned = {}
    for number, lead in enumerate(leads):
        learned[lead] = _learn(view, lead, trees)
        progress((number + 1) / len(leads))
    return Model(learned)


def _learn(view: View, lead_h: int, trees: int) -> LeadModel:
    target = _later(view, lead_h)
    usable = np.flatnonzero(np.isfinite(target) & (view.rows >= WARM_UP_H))
    told, linear_told = features(view, lead_h), errors(view, lead_h)
    as_run = view.as_run[:, lead_h - 1]

    def fit(rows: NDArray[np.int64], seeds: int) -> LeadModel:
        linear: Floats = np.asarray(
            np.linalg.lstsq(linear_told[rows], (target - as_run)[rows], rcond=None)[0],
            dtype=np.float64,
        )
        base = as_run + linear_told @ linear
        rest, scale = (target - base)[rows], _scale(base)[rows]
        plain = [grow(told[rows], rest, trees=trees, seed=seed) for seed in range(seeds)]
        rooted = [
            grow(told[rows], rest / scale, weight=scale**2, trees=trees, seed=seed)
            for seed in range(seeds)
        ]
        return LeadModel(linear, plain, rooted, ())

    foreign = np.full(len(target), np.nan)
    for fold in np.array_split(usable, _FOLDS):
        others = np.setdiff1d(usable, fold)
        foreign[fold] = fit(others, 1).mean(view, lead_h)[fold]
    final = fit(usable, 2)
    spread_told = _spread_features(view, lead_h, foreign)[usable]
    missed = ((target - foreign) / _scale(foreign))[usable]
    spread = [
        grow(spread_told, missed, loss="quantile", quantile=q, trees=max(trees * 2 // 5, 1), seed=1)
        for q in QUANTILES
    ]
    return LeadModel(final.linear, final.plain, final.rooted, spread)


def _later(view: View, lead_h: int) -> Floats:
    """Discharge `lead_h` after each row; NaN past the end of the record."""
    padded = np.concatenate([view.discharge, np.full(lead_h, np.nan)])
    later: Floats = padded[view.rows + lead_h]
    return later


def _base(view: View, lead_h: int, linear: Floats) -> Floats:
    base: Floats = view.as_run[:, lead_h - 1] + errors(view, lead_h) @ linear
    return base


def _scale(flow: Floats) -> Floats:
    scale: Floats = np.sqrt(np.maximum(flow, 0.0) + _SMALLEST)
    return scale


def _spread_features(view: View, lead_h: int, mean: Floats) -> Floats:
    now = view.past(view.discharge, 0)
    return np.stack(
        [
            mean, now, mean - now, now - view.past(view.discharge, 3), view.past(view.error, 0),
            view.updated[:, lead_h - 1] - view.as_run[:, lead_h - 1], view.rained(6),
            view.rained(24), view.rain_ahead[:, :lead_h].sum(axis=1),
        ],
        axis=1,
    )  # fmt: skip


def _between(hours: NDArray[np.int64], known: Sequence[int], values: Floats) -> Floats:
    """Linear between known leads, the outer ones held."""
    right = np.clip(np.searchsorted(known, hours), 1, len(known) - 1) if len(known) > 1 else None
    if right is None:
        return np.repeat(values, len(hours), axis=1)
    at = np.asarray(known, dtype=np.float64)
    share = np.clip((hours - at[right - 1]) / (at[right] - at[right - 1]), 0.0, 1.0)
    drawn: Floats = values[:, right - 1] * (1 - share) + values[:, right] * share
    return drawn
