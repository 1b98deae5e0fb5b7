"""Routing on sentences that were written first and never trained on."""

import csv
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import Metric, NotMeasuredError

SETS = Path(__file__).parent / "sets"
LANGUAGES = {"ko": "Korean", "en": "English"}


def measure() -> Iterator[Metric]:
    """Train as the city does, from the examples that come with the catalogue."""
    from apps.complaints.core.classifier import LinearModel
    from apps.complaints.core.training import Examples, train
    from apps.complaints.services.sentences import has_sentence_model, sentence_vectors
    from apps.complaints.services.standard_catalogue import examples

    rows = list(examples())
    everything = Examples(
        [text for _l, _c, text in rows], [code for _l, code, _t in rows], [row[0] for row in rows]
    )
    models: dict[str, LinearModel] = {"ko": train(everything)[0]}
    if not has_sentence_model():
        raise NotMeasuredError("the sentence model's package is not installed")
    english = [(code, text) for language, code, text in rows if language == "en"]
    texts = [text for _code, text in english]
    models["en"] = train(
        Examples(texts, [code for code, _text in english], ["en"] * len(english),
                 sentence_vectors(texts))
    )[0]  # fmt: skip
    for language, model in models.items():
        yield from _judged(model, language)


def _judged(model: "LinearModel", language: str) -> Iterator[Metric]:  # type: ignore[name-defined]  # noqa: F821
    from apps.complaints.services.sentences import sentence_vectors

    asked = _asked(language)
    vectors = sentence_vectors([text for _c, text in asked]) if model.reads_vectors else None
    first, among, decided, right = 0, 0, 0, 0
    for n, (code, text) in enumerate(asked):
        guesses = model.guesses(text, None if vectors is None else vectors[n])
        first += guesses[0].label == code
        among += code in [guess.label for guess in guesses[:3]]
        if model.may_decide(guesses[0], language):
            decided += 1
            right += guesses[0].label == code
    count = len(asked)
    case = f"{count} {LANGUAGES[language]} sentences, 21 services"
    yield Metric("routing_top1", case, first / count, "share")
    yield Metric("routing_top3", case, among / count, "share")
    yield Metric(
        "routing_auto_precision", f"{case}; decides {decided / count:.0%} itself",
        right / decided if decided else 0.0, "share", "limit", 0.95,
    )  # fmt: skip


def _asked(language: str) -> list[tuple[str, str]]:
    path = SETS / f"routing_test_{language}.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        return [(code, text) for code, text in csv.reader(file, delimiter="\t")]
