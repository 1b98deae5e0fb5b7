"""The model's opinion on a report: automatic above the bar, three suggestions below it; what staff
put right trains the next version."""

import logging
from dataclasses import asdict

import numpy as np
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.problems import Invalid
from apps.complaints import cache
from apps.complaints.core.classifier import Guess, LinearModel, write_models
from apps.complaints.core.states import State, Who
from apps.complaints.core.training import Examples, Measured, train
from apps.complaints.models import ModelVersion, Service, ServiceRequest, TrainingExample
from apps.complaints.services.filing import UNSORTED
from apps.complaints.services.moving import locked, move_request
from apps.complaints.services.sentences import LANGUAGE, has_sentence_model, sentence_vectors

NGRAMS, SENTENCES = "ngrams", "sentences"
SUGGESTED = 3
FEWEST_PER_LABEL = 5
WORTH_SUGGESTING = 0.03
ACTOR = "classifier"
logger = logging.getLogger(__name__)
Routed = ServiceRequest.RoutedBy


def suggest(
    text: str, language: str, *, with_vectors: bool = False
) -> tuple[int, list[Guess], bool]:
    """(model version, three guesses, whether the first may decide); (0, [], False) without a model.

    `with_vectors` also reads the sentence's vector: in the worker, never in a web process.
    """
    found = cache.models_in_force()
    if found is None or not text.strip():
        return 0, [], False
    number, models = found
    model, vector = models[NGRAMS], None
    if with_vectors and language == LANGUAGE and SENTENCES in models and has_sentence_model():
        model, vector = models[SENTENCES], sentence_vectors([text])[0]
    guesses = model.guesses(text, vector)[:SUGGESTED]
    worth = [guess for guess in guesses if guess.probability >= WORTH_SUGGESTING]
    return number, worth, bool(worth) and model.may_decide(worth[0], language)


@transaction.atomic
def suggest_for(*, request: ServiceRequest) -> ServiceRequest:
    """Note the suggestions; where nobody chose a service and the model is sure, sort it in."""
    row = locked(request)
    number, guesses, decides = suggest(row.description, row.language, with_vectors=True)
    if not guesses:
        return row
    row.model_version = number
    row.suggestions = [
        {"service": guess.label, "p": round(guess.probability, 4)} for guess in guesses
    ]
    row.save(update_fields=["model_version", "suggestions"])
    nobody_chose = row.routed_by == Routed.NOBODY and row.service.service_code == UNSORTED
    service = Service.objects.offered().filter(service_code=guesses[0].label).first()
    if decides and nobody_chose and service is not None and row.state == State.RECEIVED:
        return _sort_in(row, service, Routed.MODEL, ACTOR, Who.SYSTEM)
    return row


@transaction.atomic
def correct_service(*, request: ServiceRequest, service: Service, actor: str) -> ServiceRequest:
    """Staff say what it is: sorted in with its department, and an example for the next version."""
    row = locked(request)
    if not row.is_open:
        raise Invalid(_("This request is closed."))
    if row.description.strip():
        TrainingExample.objects.update_or_create(
            request=row,
            defaults={
                "text": row.description, "language": row.language, "service": service,
                "source": TrainingExample.Source.STAFF, "created_at": clock.now(),
            },
        )  # fmt: skip
    return _sort_in(row, service, Routed.STAFF, actor, Who.STAFF)


def _sort_in(
    row: ServiceRequest, service: Service, by: str, actor: str, who: Who
) -> ServiceRequest:
    changes = {
        "service": service, "department": service.department, "routed_by": by,
        "is_public": service.is_public,
    }  # fmt: skip
    if row.state in (State.RECEIVED, State.REOPENED):
        return move_request(request=row, after=State.TRIAGED, who=who, actor=actor, changes=changes)
    for name, value in changes.items():
        setattr(row, name, value)
    row.updated_at = clock.now()
    row.save(update_fields=[*changes, "updated_at"])
    return row


# ---------------------------------------------------------------- training


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


@transaction.atomic
def activate_model(*, version: ModelVersion) -> ModelVersion:
    """Ask this version from now on; an older one can be put in force again."""
    ModelVersion.objects.filter(is_active=True).exclude(pk=version.pk).update(is_active=False)
    version.is_active = True
    version.save(update_fields=["is_active"])
    return version
