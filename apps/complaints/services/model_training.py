"""The next version of the classifier, from examples that came with the catalogue and what staff put
right. It loads the training library, so only the worker and the admin's button import it."""

import logging
from dataclasses import asdict

import numpy as np
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.problems import Invalid
from apps.complaints.core.classifier import LinearModel, write_models
from apps.complaints.core.training import Examples, Measured, train
from apps.complaints.models import ModelVersion, TrainingExample
from apps.complaints.services.classification import NGRAMS, SENTENCES, activate_model
from apps.complaints.services.sentences import LANGUAGE, has_sentence_model, sentence_vectors

FEWEST_PER_LABEL = 5
logger = logging.getLogger(__name__)


def train_model(*, activate: bool = True) -> ModelVersion:
    """Train the next version from all examples. Raises Invalid where there are too few."""
    texts, labels, languages = _examples()
    models: dict[str, LinearModel] = {}
    metrics: dict[str, Measured] = {}
    models[NGRAMS], metrics[NGRAMS] = train(Examples(texts, labels, languages))
    english = [n for n, language in enumerate(languages) if language == LANGUAGE]
    if has_sentence_model() and _enough([labels[n] for n in english]):
        ours = [texts[n] for n in english]
        models[SENTENCES], metrics[SENTENCES] = train(
            Examples(ours, [labels[n] for n in english], [LANGUAGE] * len(ours),
                     sentence_vectors(ours))
        )  # fmt: skip
    return _keep(models, metrics, len(texts), activate=activate)


def _examples() -> tuple[list[str], list[str], list[str]]:
    rows = TrainingExample.objects.filter(service__is_active=True).order_by("pk")
    found = list(rows.values_list("text", "service__service_code", "language"))
    counts: dict[str, int] = {}
    for _text, label, _language in found:
        counts[label] = counts.get(label, 0) + 1
    usable = [row for row in found if counts[row[1]] >= FEWEST_PER_LABEL]
    if len({label for _t, label, _l in usable}) < 2:
        raise Invalid(_("There are too few examples to learn from."))
    texts, labels, languages = zip(*usable, strict=True)
    return list(texts), list(labels), list(languages)


def _enough(labels: list[str]) -> bool:
    counts = np.unique(np.array(labels), return_counts=True)[1]
    return len(counts) >= 2 and int(counts.min()) >= FEWEST_PER_LABEL


@transaction.atomic
def _keep(
    models: dict[str, LinearModel], metrics: dict[str, Measured], examples: int, *, activate: bool
) -> ModelVersion:
    newest = ModelVersion.objects.aggregate(newest=Max("number"))["newest"]
    version = ModelVersion.objects.create(
        number=(newest or 0) + 1,
        artefact=write_models(models),
        examples=examples,
        metrics={name: asdict(each) for name, each in metrics.items()},
        created_at=clock.now(),
    )
    logger.info("classifier version %d: %s", version.number, version.metrics)
    return activate_model(version=version) if activate else version
