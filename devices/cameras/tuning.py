"""Lessons that staff asked for, learned in the process `cameras`, which has the network at hand."""

import logging
from dataclasses import asdict
from functools import lru_cache

import cv2
import numpy as np
from django.db import transaction

from devices.adapters.video import Picture
from devices.models import BayPatch, CameraTuning
from devices.services.commissioning import note_tuning
from devices.vision.occupancy.classifier import OccupancyModel
from devices.vision.occupancy.commissioning import Tuned, tune

logger = logging.getLogger(__name__)


def tune_waiting(*, shard: int = 0, shards: int = 1) -> int:
    """Learn what waits for cameras of this share. Returns how many lessons were learned."""
    waiting = CameraTuning.objects.filter(state=CameraTuning.State.WAITING).order_by("asked_at")
    mine = [one for one in waiting if one.camera_id % shards == shard]
    for tuning in mine:
        _tune(tuning)
    return len(mine)


@transaction.atomic
def _tune(tuning: CameraTuning) -> None:
    patches = BayPatch.objects.filter(zone__camera=tuning.camera_id).exclude(label=None)
    rows = list(patches.order_by("pk"))
    try:
        tuned = _learned(rows)
    except ValueError as error:
        note_tuning(tuning=tuning, state=CameraTuning.State.FAILED, reason=str(error)[:200])
        return
    note_tuning(
        tuning=tuning, state=CameraTuning.State.DONE, labels=len(rows),
        accuracy_before=tuned.before, accuracy=tuned.balanced_accuracy, head=asdict(tuned.head),
    )  # fmt: skip


def _learned(rows: list[BayPatch]) -> Tuned:
    """Raises ValueError."""
    model = _model()
    features = model.features([_opened(bytes(row.picture)) for row in rows])
    taken = np.array([float(bool(row.label)) for row in rows])
    return tune(model.head, features, taken, bays=np.array([row.zone_id for row in rows]))


@lru_cache(maxsize=1)
def _model() -> OccupancyModel:
    return OccupancyModel.bundled()


def _opened(png: bytes) -> Picture:
    found: Picture | None = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    if found is None:
        raise ValueError("A kept picture cannot be read.")
    return found
