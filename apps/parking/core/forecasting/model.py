"""The forecast: what is usual then, plus the part of today's difference that lasts, plus what the
booster has learned about the rest.

    taken(t + h) = p(t + h) + a(h)·(y(t) − p(t)) + boost(features)
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np

from apps.parking.core.forecasting.boosting import Trees, learn
from apps.parking.core.forecasting.features import features, residual
from apps.parking.core.forecasting.grid import Floats, Grid, Integers, profile
from apps.parking.core.forecasting.intervals import Spread, band_of, calibrate

Part = TypeVar("Part", Trees, Spread)


@dataclass(frozen=True)
class Horizon:
    """What was learned for one horizon, in minutes."""

    minutes: int
    lasts: float
    trees: Trees | None
    spread: Spread | None = None


@dataclass(frozen=True)
class Forecaster:
    """`pools` names the pools whose errors the spreads know, by row."""

    horizons: tuple[Horizon, ...]
    pools: tuple[int, ...] = ()


def blended(grid: Grid, origins: Integers, ahead: int, lasts: float) -> Floats:
    """Without a present the usual is all there is."""
    then = profile(grid, origins + ahead)
    now = grid.taken(origins)
    return np.where(np.isnan(then), now, then + lasts * residual(grid, origins))


def train_horizon(grid: Grid, minutes: int, origins: Integers) -> Horizon:
    """Learn from these origins; what lies beyond the grid's end is not looked at."""
    ahead = minutes // grid.step_min
    truth = grid.taken(origins + ahead)
    known = ~np.isnan(truth) & ~np.isnan(grid.taken(origins))
    here = residual(grid, origins)
    rest = truth - profile(grid, origins + ahead)
    fit = known & ~np.isnan(rest)
    lasts = float(np.sum((here * rest)[fit]) / max(np.sum((here**2)[fit]), 1e-9))
    wanted = truth - blended(grid, origins, ahead, lasts)
    rows = features(grid, origins, ahead)[known & ~np.isnan(wanted)]
    target = wanted[known & ~np.isnan(wanted)]
    return Horizon(minutes, lasts, learn(rows, target) if len(rows) >= 2_000 else None)


def expected(grid: Grid, origins: Integers, horizon: Horizon) -> Floats:
    """pools × origins; NaN where nothing at all is known."""
    ahead = horizon.minutes // grid.step_min
    found = blended(grid, origins, ahead, horizon.lasts)
    if horizon.trees is not None:
        rows = features(grid, origins, ahead)
        known = ~np.isnan(grid.taken(origins)) & ~np.isnan(found)
        found[known] += horizon.trees.predict(rows[known])
    return np.clip(found, 0.0, 1.0)


def with_spread(grid: Grid, horizon: Horizon, origins: Integers) -> Horizon:
    """Calibrate the bounds on origins whose outcomes are known and were not trained on."""
    ahead = horizon.minutes // grid.step_min
    errors = grid.taken(origins + ahead) - expected(grid, origins, horizon)
    pool, column = np.nonzero(~np.isnan(errors))
    band = band_of(grid.slot_of_day(origins[column] + ahead), grid.day)
    spread = calibrate(errors[pool, column], pool, band, len(grid.share))
    return replace(horizon, spread=spread)


def bounds(grid: Grid, horizon: Horizon, origins: Integers, expected_: Floats) -> tuple[
    Floats, Floats
]:  # fmt: skip
    assert horizon.spread is not None, "bounds need a spread"
    ahead = horizon.minutes // grid.step_min
    pool, column = np.nonzero(np.ones(expected_.shape))
    band = band_of(grid.slot_of_day(origins[column] + ahead), grid.day)
    low, high = horizon.spread.bounds(expected_.ravel(), pool, band)
    return low.reshape(expected_.shape), high.reshape(expected_.shape)


# ---------------------------------------------------------------- kept as arrays


def to_bytes(forecaster: Forecaster) -> bytes:
    arrays: dict[str, Floats | Integers] = {
        "minutes": np.array([one.minutes for one in forecaster.horizons]),
        "lasts": np.array([one.lasts for one in forecaster.horizons]),
        "pools": np.array(forecaster.pools, dtype=np.int64),
    }
    for horizon in forecaster.horizons:
        for part in (horizon.trees, horizon.spread):
            if part is not None:
                kind = type(part).__name__
                arrays |= {
                    f"{horizon.minutes}/{kind}/{name}": column
                    for name, column in vars(part).items()
                }
    kept = io.BytesIO()
    np.savez_compressed(kept, **arrays)  # type: ignore[arg-type]  # its stub names one keyword
    return kept.getvalue()


def from_bytes(kept: bytes) -> Forecaster:
    with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
        minutes: Sequence[int] = arrays["minutes"].tolist()
        lasts = dict(zip(minutes, arrays["lasts"].tolist(), strict=True))
        horizons = tuple(
            Horizon(one, lasts[one], _part(arrays, one, Trees), _part(arrays, one, Spread))
            for one in minutes
        )
        return Forecaster(horizons, tuple(arrays["pools"].tolist()))


def _part(arrays: Mapping[str, Any], minutes: int, kind: type[Part]) -> Part | None:
    prefix = f"{minutes}/{kind.__name__}/"
    names = [field.name for field in fields(kind)]
    if prefix + names[0] not in arrays:
        return None
    return kind(**{name: arrays[prefix + name] for name in names})
