"""Bays: later days of the lot it learned from, a lot it never saw, and that after sixty labels."""

import time
from collections.abc import Iterator

import numpy as np

from benchmarks.report import Metric
from benchmarks.samples import sample_path
from devices.vision.occupancy.classifier import OccupancyModel
from devices.vision.occupancy.commissioning import balanced_accuracy, most_telling, tune
from devices.vision.occupancy.labelled import Labelled, read_labelled

DAYS_LEARNED = 20  # of PUCPR's 32, as `train_occupancy --days 20`
LABELS = 60
# HOG + logistic regression and a like network of an earlier trial, the same splits.
SEEN_BEFORE, UNSEEN_BEFORE = 0.996, 0.919


def measure() -> Iterator[Metric]:
    model = OccupancyModel.bundled()
    pucpr = read_labelled(sample_path("parking/pklot_pucpr_patches.tar"))
    lot_b = read_labelled(sample_path("parking/lotB_patches.tar"))
    later = pucpr.chosen(~pucpr.first_days(DAYS_LEARNED))
    seen, unseen = (_accuracy(model, lot) for lot in (later, lot_b))
    yield Metric("occupancy_bal_acc_seen", "PUCPR, 12 later days", seen, "", "trial", SEEN_BEFORE)
    yield Metric("occupancy_bal_acc_unseen", "lot B", unseen, "", "trial", UNSEEN_BEFORE)
    tuned, plain = after_labels(model, lot_b)
    yield Metric("occupancy_bal_acc_unseen_60", "lot B, the rest", tuned, "", "untuned", plain)
    yield Metric("ms_per_patch", "one thread, batches of 64", _ms_per_patch(model, later), "ms")


def _accuracy(model: OccupancyModel, lot: Labelled) -> float:
    return balanced_accuracy(model.logits(lot.patches), lot.occupied)


def after_labels(model: OccupancyModel, lot: Labelled) -> tuple[float, float]:
    """On the patches nobody was asked about: with the lot's own head, and without."""
    features = model.features(lot.patches)
    asked = most_telling(model.head.logits(features), LABELS)
    rest = np.setdiff1d(np.arange(len(features)), asked)
    head = tune(model.head, features[asked], lot.occupied[asked].astype(float)).head
    told, before = (each.logits(features[rest]) for each in (head, model.head))
    return balanced_accuracy(told, lot.occupied[rest]), balanced_accuracy(
        before, lot.occupied[rest]
    )


def _ms_per_patch(model: OccupancyModel, lot: Labelled) -> float:
    """The best of five: the machine may be busy, the network is not."""
    patches, best_s = lot.patches[:256], float("inf")
    for _ in range(5):
        begun = time.perf_counter()
        model.logits(patches)
        best_s = min(best_s, time.perf_counter() - begun)
    return best_s * 1000 / len(patches)
