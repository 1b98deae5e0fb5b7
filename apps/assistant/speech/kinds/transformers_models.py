"""Whisper or wav2vec2 from the operator's model directory, by `transformers`, never from a network.

`CITIZEN_ASR_MODELS` holds one folder a language (`ko/`, `en/` …), or `any/` for a model of many
languages, each as `save_pretrained` leaves it. A turn is decoded when it ends.
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from apps.assistant.speech.core.audio import RATE_HZ, samples_of
from apps.assistant.speech.core.listening import Heard, Wanted
from apps.assistant.speech.core.matching import matched
from apps.assistant.speech.core.pieces import cut_where_quiet

MODEL_RATE_HZ = 16_000
SURE = 0.6  # the model's mean probability of what it wrote
ANY, DESCRIBED = "any", "config.json"
LONGEST_S, CUT_WITHIN_S = 28.0, 8.0  # Whisper hears thirty seconds at a time


class TransformersRecogniser:
    def __init__(self, models_dir: str) -> None:
        self.models_dir = Path(models_dir)

    def hear(self, audio: bytes, wanted: Wanted) -> Heard | None:
        folder = self._folder(wanted.language)
        if folder is None:
            return None
        heard = _written_down(_load(str(folder)), _upsampled(audio), wanted.language)
        return matched(heard, wanted)

    def _folder(self, language: str) -> Path | None:
        candidates = (self.models_dir / name for name in (language, ANY))
        return next((each for each in candidates if (each / DESCRIBED).exists()), None)


def problem_with(models_dir: str) -> str:
    """Why nothing can be heard with this directory, or nothing."""
    folder = Path(models_dir)
    if not folder.is_dir():
        return f"{models_dir} is no directory"
    if not any((each / DESCRIBED).exists() for each in folder.iterdir()):
        return f"{models_dir} holds no model: each is a folder by its language with a {DESCRIBED}"
    return ""


def _written_down(model: Any, sound: Any, language: str) -> Heard:
    """Piece by piece; the confidence is that of all, by their length."""
    pieces = cut_where_quiet(sound, MODEL_RATE_HZ, longest_s=LONGEST_S, within_s=CUT_WITHIN_S)
    heard = [model.write_down(piece, language) for piece in pieces]
    text = " ".join(said for said, _confidence in heard if said)
    weighed = zip(heard, pieces, strict=True)
    confidence = sum(sure * len(piece) for (_said, sure), piece in weighed) / max(1, len(sound))
    return Heard(text, confidence, model.name, bool(text) and confidence >= SURE)


def _upsampled(audio: bytes) -> "np.ndarray[Any, np.dtype[np.float32]]":
    from scipy.signal import resample_poly

    made = resample_poly(samples_of(audio).astype(np.float32) / 32_768, MODEL_RATE_HZ // RATE_HZ, 1)
    return np.asarray(made, dtype=np.float32)


class _Whisper:
    name = "whisper"

    def __init__(self, folder: str) -> None:
        from transformers import WhisperForConditionalGeneration, WhisperProcessor

        self.processor = WhisperProcessor.from_pretrained(folder, local_files_only=True)
        self.model = WhisperForConditionalGeneration.from_pretrained(folder, local_files_only=True)
        self.model.eval()

    def write_down(self, sound: Any, language: str) -> tuple[str, float]:
        import torch

        features = self.processor(sound, sampling_rate=MODEL_RATE_HZ, return_tensors="pt")
        many = getattr(self.model.generation_config, "is_multilingual", False)
        with torch.inference_mode():
            made = self.model.generate(
                features.input_features,
                return_dict_in_generate=True,
                output_scores=True,
                max_new_tokens=200,
                **({"language": language, "task": "transcribe"} if many else {}),
            )
        scores = self.model.compute_transition_scores(
            made.sequences, made.scores, normalize_logits=True
        )
        confidence = float(scores[torch.isfinite(scores)].mean().exp()) if scores.numel() else 0.0
        text = self.processor.batch_decode(made.sequences, skip_special_tokens=True)[0]
        return text.strip(), confidence


class _Wav2Vec2:
    name = "wav2vec2"

    def __init__(self, folder: str) -> None:
        from transformers import Wav2Vec2ForCTC, Wav2Vec2Processor

        self.processor = Wav2Vec2Processor.from_pretrained(folder, local_files_only=True)
        self.model = Wav2Vec2ForCTC.from_pretrained(folder, local_files_only=True)
        self.model.eval()

    def write_down(self, sound: Any, _language: str) -> tuple[str, float]:
        import torch

        values = self.processor(sound, sampling_rate=MODEL_RATE_HZ, return_tensors="pt")
        with torch.inference_mode():
            probabilities = self.model(values.input_values).logits.softmax(-1)[0]
        best, tokens = probabilities.max(-1)
        spoken = tokens != self.model.config.pad_token_id
        confidence = float(best[spoken].mean()) if bool(spoken.any()) else 0.0
        return self.processor.batch_decode(tokens[None])[0].strip(), confidence


_FAMILIES: dict[str, Any] = {"whisper": _Whisper, "wav2vec2": _Wav2Vec2}


@cache
def _load(folder: str) -> Any:
    """Raises ValueError for a model of another family."""
    from transformers import AutoConfig

    family = AutoConfig.from_pretrained(folder, local_files_only=True).model_type
    if family not in _FAMILIES:
        raise ValueError(f"{folder} holds a {family!r} model; whisper or wav2vec2 is expected")
    return _FAMILIES[family](folder)


def make(models_dir: str) -> TransformersRecogniser:
    return TransformersRecogniser(models_dir)
