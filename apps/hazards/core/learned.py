"""Everything that was learned about one station, as one bundle of arrays.

Two forecasts are kept: one that was told rain forecasts, and one for the hours when nobody foresees
rain. Each knows how wrong it is, so the second is not a blinded first.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.hazards.core.calibration import calibrate
from apps.hazards.core.exceedance import Exceedance, exceedance_of, train_exceedance
from apps.hazards.core.features import MAX_LEAD_H, View, look
from apps.hazards.core.forecasting import LEADS_H, Model, model_of, train
from apps.hazards.core.forest import TREES
from apps.hazards.core.gr4h import Catchment
from apps.hazards.core.history import Floats, History, no_rain, rain_foreseen

Progress = Callable[[float], None]
VARIANTS = ("foreseen", "none")


@dataclass(frozen=True, eq=False)
class Variant:
    model: Model
    exceedance: Exceedance | None


@dataclass(frozen=True, eq=False)
class Learned:
    catchment: Catchment
    variants: Mapping[str, Variant]

    def written(self) -> bytes:
        """As a zip of arrays (NumPy's npz): no code in it, whoever reads it."""
        arrays: dict[str, NDArray[Any]] = {"catchment": np.array(astuple(self.catchment))}
        for name, variant in self.variants.items():
            arrays |= {f"{name}/{key}": value for key, value in variant.model.arrays().items()}
            if variant.exceedance:
                arrays |= {f"{name}/{k}": v for k, v in variant.exceedance.arrays().items()}
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # its stubs misread keywords
        return file.getvalue()


def read_learned(written: bytes) -> Learned:
    """What `Learned.written` gave."""
    with np.load(io.BytesIO(written), allow_pickle=False) as kept:
        arrays = dict(kept)
    parameters = [float(value) for value in arrays["catchment"]]
    return Learned(
        Catchment(*parameters),
        {name: _variant(_below(arrays, f"{name}/")) for name in VARIANTS},
    )


def _below(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {
        key.removeprefix(prefix): value for key, value in arrays.items() if key.startswith(prefix)
    }


def _variant(arrays: Mapping[str, NDArray[Any]]) -> Variant:
    exceedance = exceedance_of(arrays) if "exceedance.level" in arrays else None
    return Variant(model_of(arrays), exceedance)


def learn(
    history: History,
    *,
    level_mm_h: float | None,
    window_h: int,
    leads: Sequence[int] = LEADS_H,
    seed: int = 1,
    catchment: Catchment | None = None,
    trees: int = TREES,
    progress: Progress = lambda _share: None,
) -> Learned:
    """Calibrate, then learn both variants from the whole record.

    Raises:
        ValueError: the record is too short.
    """
    found = catchment or calibrate(
        history.rain_mm_h, history.evaporation_mm_h, history.discharge_mm_h, seed=seed
    )
    progress(0.1)
    variants = {}
    for number, name in enumerate(VARIANTS):
        view = seen(found, history, foreseen_rain(history, name, seed=seed))
        begun = 0.1 + 0.45 * number
        model = train(view, leads=leads, trees=trees, progress=_part(progress, begun, 0.4))
        variants[name] = Variant(model, _asked(view, level_mm_h, window_h, trees))
        progress(begun + 0.45)
    return Learned(found, variants)


def _part(progress: Progress, begun: float, share: float) -> Progress:
    return lambda done: progress(begun + share * done)


def foreseen_rain(history: History, variant: str, *, seed: int) -> Floats:
    """What a variant is told of the rain to come: for learning, a mediocre forecast is made of the
    rain that came, because forecasts of years ago are hardly ever kept."""
    if variant == "none":
        return no_rain(len(history), MAX_LEAD_H)
    return rain_foreseen(history.rain_mm_h, MAX_LEAD_H, seed=seed)


def seen(catchment: Catchment, history: History, rain_ahead: Floats) -> View:
    """The whole record, a row for every hour."""
    return look(catchment, history, rows=np.arange(len(history)), rain_ahead_mm_h=rain_ahead)


def _asked(view: View, level_mm_h: float | None, window_h: int, trees: int) -> Exceedance | None:
    """None where the level was exceeded too seldom: then the quantiles must answer."""
    if level_mm_h is None or level_mm_h <= 0:
        return None
    try:
        return train_exceedance(view, level_mm_h=level_mm_h, window_h=window_h, trees=trees)
    except ValueError:
        return None


def chance_from_quantiles(quantiles: Floats, probabilities: Sequence[float], level: float) -> float:
    """How likely the level is exceeded in one of some hours (rows of quantiles): the likeliest hour
    decides, between the quantiles a straight line, beyond them a tail that halves with each step
    of the band's width."""
    return max(_above(row, probabilities, level) for row in quantiles)


def _above(row: Floats, probabilities: Sequence[float], level: float) -> float:
    width = max(float(row[-1] - row[0]), 1e-9)
    if level > row[-1]:
        return float((1 - probabilities[-1]) * 0.5 ** ((level - row[-1]) / (0.5 * width)))
    if level < row[0]:
        return float(1 - probabilities[0] * 0.5 ** ((row[0] - level) / (0.5 * width)))
    return float(1 - np.interp(level, row, probabilities))
