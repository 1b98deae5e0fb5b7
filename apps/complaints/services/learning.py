"""The next version of the classifier, once staff have put enough right."""

from collections.abc import Mapping
from typing import Any

from apps.complaints.models import ModelVersion, TrainingExample
from apps.complaints.services.model_training import train_model

WORTH_TRAINING = 20


def learn(_payload: Mapping[str, Any]) -> None:
    """Work handler: train if there is enough that is new."""
    learn_from_staff()


def train_anyway(_payload: Mapping[str, Any]) -> None:
    """Work handler: staff asked for it."""
    train_model()


def learn_from_staff() -> ModelVersion | None:
    """Train if nothing was trained yet, or twenty examples are new since. Returns what is new."""
    newest = ModelVersion.objects.order_by("-number").first()
    fresh = TrainingExample.objects.all()
    if newest is not None:
        fresh = fresh.filter(created_at__gt=newest.created_at)
    if fresh.count() < WORTH_TRAINING:
        return None
    return train_model()
