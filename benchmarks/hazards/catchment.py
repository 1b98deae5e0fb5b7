"""One catchment of about 920 km², hourly: learned from 2004 to 2006, tried on 2007 and 2008, whose
largest flood is 1.87 times the largest that was learned from.

Peers on the same split: it stays as it is; an autoregression on discharge; trees without a model.
"""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.hazards.core.calibration import WARM_UP_H, calibrate
from apps.hazards.core.exceedance import came_true, train_exceedance
from apps.hazards.core.features import MAX_LEAD_H, View, look
from apps.hazards.core.forecasting import train
from apps.hazards.core.forest import grow
from apps.hazards.core.gr4h import Catchment
from apps.hazards.core.history import Floats, History, no_rain, rain_foreseen, rain_known
from apps.hazards.core.skill import (
    brier_skill,
    coverage,
    nash_sutcliffe,
    persistence_index,
    score,
)
from benchmarks.report import Metric
from benchmarks.samples import sample_path

RECORD = "alerts/rain_discharge_hourly_L0123003_2004_2008.csv.gz"
# NSE that must be reached, and the aim.
LIMITS = {3: (0.977, 0.985), 6: (0.943, 0.963), 12: (0.902, 0.937), 24: (0.889, 0.914)}
WINDOW_H = 6
COST_LOSS = 0.4  # as a station has it unless staff say otherwise


Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Split:
    whole: History
    past: History
    first_test: int
    catchment: Catchment

    @property
    def tested(self) -> Rows:
        return np.arange(self.first_test, len(self.whole) - MAX_LEAD_H)

    def seen_past(self, rain_ahead: Floats) -> View:
        rows = np.arange(self.first_test)
        return look(self.catchment, self.past, rows=rows, rain_ahead_mm_h=rain_ahead)

    def seen_test(self, rain_ahead: Floats) -> View:
        rows = self.tested
        return look(self.catchment, self.whole, rows=rows, rain_ahead_mm_h=rain_ahead[rows])


def measure(*, quick: bool) -> Iterator[Metric]:
    split = _read()
    yield from _decisions(split)
    for lead in (6,) if quick else (3, 6, 12, 24):
        yield from _of_lead(split, lead)


def _read() -> Split:
    with gzip.open(sample_path(RECORD), "rt") as file:
        rows = list(csv.DictReader(file))
    columns = ("rain_mm_h", "pet_mm_h", "discharge_mm_h")
    rain, evaporation, flow = (np.array([float(row[name]) for row in rows]) for name in columns)
    first_test = next(n for n, row in enumerate(rows) if row["time_utc"] >= "2007")
    past = History(rain[:first_test], evaporation[:first_test], flow[:first_test])
    catchment = calibrate(past.rain_mm_h, past.evaporation_mm_h, past.discharge_mm_h)
    return Split(History(rain, evaporation, flow), past, first_test, catchment)


def _of_lead(split: Split, lead: int) -> Iterator[Metric]:
    name, (must, aim) = f"nse_{lead}h", LIMITS[lead]
    truth = split.whole.discharge_mm_h[split.tested + lead]
    now = split.whole.discharge_mm_h[split.tested]
    past = split.seen_past(rain_known(split.past.rain_mm_h, MAX_LEAD_H))
    test = split.seen_test(rain_known(split.whole.rain_mm_h, MAX_LEAD_H))
    model = train(past, leads=(lead,)).leads[lead]
    mean = model.mean(test, lead)
    band = model.quantiles(test, lead, mean)
    nse = nash_sutcliffe(truth, mean)
    yield Metric(name, "known rain", nse, "", "limit", must)
    yield Metric(name, "known rain, aim", nse, "", "limit", aim)
    for peer, forecast in _peers(split, past, test, lead):
        yield Metric(name, peer, nash_sutcliffe(truth, forecast), "")
    if lead == 6:
        yield Metric("persistence_index_6h", "known rain", persistence_index(truth, mean, now), "",
                     "limit", 0.70)  # fmt: skip
    covered = coverage(truth, band[:, 0], band[:, -1])
    yield Metric("q10_q90_coverage", f"{lead} h", covered, "", "limit", 0.80)
    blind_past = split.seen_past(no_rain(split.first_test, MAX_LEAD_H))
    blind_test = split.seen_test(no_rain(len(split.whole), MAX_LEAD_H))
    blind = train(blind_past, leads=(lead,)).leads[lead]
    yield Metric(name, "no rain forecast", nash_sutcliffe(truth, blind.mean(blind_test, lead)), "")


def _peers(split: Split, past: View, test: View, lead: int) -> Iterator[tuple[str, Floats]]:
    flow = split.whole.discharge_mm_h
    yield "persistence", flow[split.tested]
    learned = np.arange(WARM_UP_H, split.first_test - lead)
    target = flow[learned + lead]
    lags = np.linalg.lstsq(_lags(flow, learned), target, rcond=None)[0]
    yield "AR(3)", _lags(flow, split.tested) @ lags
    yield "GR4H, level updated", test.updated[:, lead - 1]
    change = target - flow[learned]
    trees = grow(_plain(past, lead)[learned], change, trees=200, seed=1)
    yield "boosting alone", flow[split.tested] + trees.predict(_plain(test, lead))


def _lags(flow: Floats, rows: Rows) -> Floats:
    return np.stack([np.ones(len(rows)), flow[rows], flow[rows - 1], flow[rows - 2]], axis=1)


def _plain(view: View, lead: int) -> Floats:
    """What trees are told that know of no model: the river, the rain that fell and will fall."""
    lagged = [view.past(view.discharge, lag) for lag in (0, 1, 2, 3, 6, 12, 24)]
    rained = [view.rained(hours) for hours in (1, 3, 6, 12, 24, 72, 240)]
    ahead = view.rain_ahead[:, :lead]
    return np.stack([*lagged, *rained, ahead.sum(axis=1), ahead[:, -3:].sum(axis=1)], axis=1)


def _decisions(split: Split) -> Iterator[Metric]:
    """Over the level that is exceeded 5 % of the time, within six hours, asked at hours that are
    still below it; rain as a mediocre forecast tells it (fixed seed)."""
    level = float(np.quantile(split.past.discharge_mm_h, 0.95))
    past = split.seen_past(rain_foreseen(split.past.rain_mm_h, MAX_LEAD_H, seed=7))
    test = split.seen_test(rain_foreseen(split.whole.rain_mm_h, MAX_LEAD_H, seed=8))
    learned = train_exceedance(past, level_mm_h=level, window_h=WINDOW_H)
    truth, below = came_true(test, level, WINDOW_H)
    asked = below & np.isfinite(truth)
    came, chance = truth[asked] > 0, learned.probability(test)[asked]
    ours = score(came, chance >= COST_LOSS)
    case = "degraded rain, 6 h, q95"
    yield Metric("decision_csi", case, ours.critical_success, "", "limit", 0.40)
    yield Metric("decision_far", case, ours.false_alarm_ratio, "", "limit", 0.25)
    yield Metric("decision_bss", case, brier_skill(came, chance), "", "limit", 0.41)
    now = test.past(test.discharge, 0)
    rising = (now > 0.8 * level) & (now > test.past(test.discharge, 1))
    rule = score(came, rising[asked])
    yield Metric("decision_csi", "level rule: near and rising", rule.critical_success, "")
    yield Metric("decision_far", "level rule: near and rising", rule.false_alarm_ratio, "")
