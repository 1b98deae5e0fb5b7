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

MODEL_RATE_HZ = 16_000
SURE = 0.6  # the model's mean probability of what it wrote
ANY = "any"


class TransformersRecogniser:
    def __init__(self, models_dir: str) -> None:
        self.models_dir = Path(models_dir)

    def hear(self, audio: bytes, wanted: Wanted) -> Heard | None:
        folder = self._folder(wanted.language)
        if folder is None:
            return None
        text, confidence, engine = _load(str(folder)).write_down(_upsampled(audio), wanted.language)
        return matched(Heard(text, confidence, engine, confidence >= SURE), wanted)

    def _folder(self, language: str) -> Path | None:
        candidates = (self.models_dir / name for name in (language, ANY))
        return next((each for each in candidates if (each / "config.json").exists()), None)


def _upsampled(audio: bytes) -> "np.ndarray[Any, np.dtype[np.float32]]":
    from scipy.signal import resample_poly

    made = resample_poly(samples_of(audio).astype(np.float32) / 32_768, MODEL_RATE_HZ // RATE_HZ, 1)
    return np.asarray(made, dtype=np.float32)


class _Whisper:
    def __init__(self, folder: str) -> None:
        from transformers import WhisperForConditionalGeneration, WhisperProcessor

        self.processor = WhisperProcessor.from_pretrained(folder, local_files_only=True)
        self.model = WhisperForConditionalGeneration.from_pretrained(folder, local_files_only=True)
        self.model.eval()

    def write_down(self, sound: Any, language: str) -> tuple[str, float, str]:
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
        return text.strip(), confidence, "whisper"


class _Wav2Vec2:
    def __init__(self, folder: str) -> None:
        from transformers import Wav2Vec2ForCTC, Wav2Vec2Processor

        self.processor = Wav2Vec2Processor.from_pretrained(folder, local_files_only=True)
        self.model = Wav2Vec2ForCTC.from_pretrained(folder, local_files_only=True)
        self.model.eval()

    def write_down(self, sound: Any, _language: str) -> tuple[str, float, str]:
        import torch

        values = self.processor(sound, sampling_rate=MODEL_RATE_HZ, return_tensors="pt")
        with torch.inference_mode():
            probabilities = self.model(values.input_values).logits.softmax(-1)[0]
        best, tokens = probabilities.max(-1)
        spoken = tokens != self.model.config.pad_token_id
        confidence = float(best[spoken].mean()) if bool(spoken.any()) else 0.0
        return self.processor.batch_decode(tokens[None])[0].strip(), confidence, "wav2vec2"


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
