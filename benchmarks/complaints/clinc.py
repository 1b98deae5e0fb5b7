"""CLINC150: 150 intents, 15,000 sentences to learn from, 4,500 to be judged by."""

import json
from collections.abc import Iterator

import numpy as np

from benchmarks.report import Metric
from benchmarks.samples import sample_path

SAMPLE = "complaints/clinc150_data_full.json"
CASE = "CLINC150, 4,500 sentences, 150 intents"
SHARE = 1.5


def measure(*, quick: bool) -> Iterator[Metric]:
    from apps.complaints.core.training import Examples, train_plainly

    data = json.loads(sample_path(SAMPLE).read_text())
    texts, labels = (list(column) for column in zip(*data["train"], strict=True))
    asked, truth = (list(column) for column in zip(*data["test"], strict=True))
    languages = ["en"] * len(texts)
    plain = train_plainly(Examples(texts, labels, languages))
    guessed = [plain.labels[int(plain.scores(text).argmax())] for text in asked]
    yield Metric("clinc_acc_ngrams", CASE, _share(guessed, truth), "share", "limit", 0.915)
    if quick:
        return  # 19,500 sentences take the sentence model minutes
    from apps.complaints.services.sentences import sentence_vectors

    both = train_plainly(
        Examples(texts, labels, languages, sentence_vectors(texts)), vector_share=SHARE
    )
    vectors = sentence_vectors(asked)
    guessed = [
        both.labels[int(both.scores(text, vector).argmax())]
        for text, vector in zip(asked, vectors, strict=True)
    ]
    yield Metric("clinc_acc", f"{CASE}; MiniLM beside n-grams", _share(guessed, truth), "share",
                 "limit", 0.953)  # fmt: skip


def _share(guessed: list[str], truth: list[str]) -> float:
    return float(np.mean(np.array(guessed) == np.array(truth)))
