"""The classifier in force, kept in this process until another version is."""

from threading import Lock

from apps.complaints.core.classifier import LinearModel, read_models
from apps.complaints.models import ModelVersion

_kept: dict[int, dict[str, LinearModel]] = {}
_lock = Lock()


def models_in_force() -> tuple[int, dict[str, LinearModel]] | None:
    """The version's number and its models by name; None before anything was trained."""
    number = ModelVersion.objects.filter(is_active=True).values_list("number", flat=True).first()
    if number is None:
        return None
    with _lock:
        if number not in _kept:
            artefact = ModelVersion.objects.values_list("artefact", flat=True).get(number=number)
            _kept.clear()
            _kept[number] = read_models(bytes(artefact))
        return number, _kept[number]
