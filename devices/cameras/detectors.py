"""What the operator brings along: a detector's file with its maker's card, a cascade for faces.

Models lie in one folder (`CITIZEN_CAMERA_MODELS_DIR`) and are named on the camera's page: a file
in ONNX, or a folder in the format of transformers. Beside `NAME` may lie `NAME.json`, the model's
card: side, classes, least_score, most_overlap, kinds (class number → person, vehicle, bicycle).
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from devices.vision.blurring import CascadeFaces
from devices.vision.detectors.detector import Detector
from devices.vision.detectors.hugging_face import TransformersDetector
from devices.vision.detectors.onnx import ModelCard, OnnxDetector


def detector_of(name: str) -> Detector | None:
    """None without a name. Raises ValueError with a sentence for what cannot be read."""
    if not name:
        return None
    path = _found(name)
    try:
        if path.is_dir():
            return TransformersDetector(path, _kinds(_card(path)))
        return OnnxDetector(path.read_bytes(), _model_card(_card(path)))
    except (OSError, ImportError, TypeError) as error:
        raise ValueError(f"The detector {name} cannot be used: {error}") from error


def _found(name: str) -> Path:
    if not settings.CAMERA_MODELS_DIR:
        raise ValueError("There is no folder of detectors.")
    folder = Path(settings.CAMERA_MODELS_DIR).resolve()
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.exists():
        raise ValueError("There is no detector of this name.")
    return path


def _card(path: Path) -> dict[str, Any]:
    beside = path.with_name(path.name + ".json")
    card: dict[str, Any] = json.loads(beside.read_text()) if beside.exists() else {}
    return card


def _kinds(card: Mapping[str, Any]) -> dict[int, str] | None:
    told = card.get("kinds")
    return None if told is None else {int(number): str(kind) for number, kind in told.items()}


def _model_card(card: Mapping[str, Any]) -> ModelCard:
    return ModelCard(**{**card, "kinds": _kinds(card)})


@lru_cache(maxsize=1)
def faces() -> CascadeFaces | None:
    """Whoever finds faces for stills, if the operator gave a cascade. Raises ValueError."""
    if not settings.CAMERA_FACES_FILE:
        return None
    return CascadeFaces(Path(settings.CAMERA_FACES_FILE).read_text())
