"""The model's opinion on a report: automatic above the bar, three suggestions below it; what staff
put right trains the next version."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.problems import Invalid
from apps.complaints import cache
from apps.complaints.core.classifier import Guess
from apps.complaints.core.states import State, Who
from apps.complaints.models import ModelVersion, Service, ServiceRequest, TrainingExample
from apps.complaints.services.filing import UNSORTED
from apps.complaints.services.moving import locked, move_request
from apps.complaints.services.sentences import LANGUAGE, has_sentence_model, sentence_vectors

NGRAMS, SENTENCES = "ngrams", "sentences"
SUGGESTED = 3
WORTH_SUGGESTING = 0.03
ACTOR = "classifier"
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


@transaction.atomic
def activate_model(*, version: ModelVersion) -> ModelVersion:
    """Ask this version from now on; an older one can be put in force again."""
    ModelVersion.objects.filter(is_active=True).exclude(pk=version.pk).update(is_active=False)
    version.is_active = True
    version.save(update_fields=["is_active"])
    return version
