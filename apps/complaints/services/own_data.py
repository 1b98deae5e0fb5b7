"""What complaints keep of a person: handed out, and let go of."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import Person
from apps.accounts.services.personal_data import Erased, Section, covers
from apps.base import clock
from apps.complaints.core.states import State, Who
from apps.complaints.models import Assignment, ServiceRequest, Subscription
from apps.complaints.services.moving import move_request
from apps.complaints.services.privacy import opened_for_owner
from apps.complaints.services.retention import anonymise_request

KEYS = (
    "complaints.ServiceRequest.reporter",
    "complaints.ServiceRequest.assignee",
    "complaints.Assignment.assignee",
    "complaints.Subscription.person",
)


@covers(*KEYS)
def export_complaints(person: Person) -> Section:
    requests = list(_reported_by(person).select_related("service").order_by("requested_at"))
    photos = [
        attachment.media
        for request in requests
        for attachment in request.attachments.select_related("media")
    ]
    return Section(
        {
            "requests": [_written(request) for request in requests],
            "follows": list(_followed_by(person).values("request__number", "created_at")),
            "assigned": list(_assigned_to(person).values_list("number", flat=True)),
        },
        tuple(photos),
    )


def _reported_by(person: Person) -> QuerySet[ServiceRequest]:
    return ServiceRequest.objects.filter(reporter=person)


def _assigned_to(person: Person) -> QuerySet[ServiceRequest]:
    return ServiceRequest.objects.filter(assignee=person)


def _followed_by(person: Person) -> QuerySet[Subscription]:
    return Subscription.objects.filter(person=person)


def _written(request: ServiceRequest) -> dict[str, Any]:
    return {
        "number": request.number,
        "service": request.service.service_code,
        "state": request.state,
        "words": {"description": request.description} | opened_for_owner(request),
        "answers": request.answers,
        "address": request.address,
        "lon": request.geom.x if request.geom else None,
        "lat": request.geom.y if request.geom else None,
        "requested_at": request.requested_at,
        "history": list(request.changes.values("at", "state", "public_note")),
        "feedback": list(request.feedback.values("at", "score", "text")),
    }


@covers(*KEYS)
@transaction.atomic
def erase_complaints(person: Person) -> Erased:
    """What is open goes on without its reporter, because the thing is still broken; what is closed
    is made anonymous at once."""
    _followed_by(person).delete()
    anonymised = 0
    for request in list(_reported_by(person).exclude(state=State.ANONYMISED)):
        _let_go(request)
        anonymised += 1
    _assigned_to(person).update(assignee=None)
    Assignment.objects.filter(assignee=person).update(assignee=None)
    return Erased(anonymised=anonymised)


def _let_go(request: ServiceRequest) -> None:
    if not request.is_open:
        anonymise_request(request=request, actor="erasure")
        return
    request.originals.all().delete()
    if request.is_paused:  # nobody is there to answer any more
        move_request(request=request, after=State.WITHDRAWN, who=Who.CITIZEN, actor="erasure")
        request.refresh_from_db()
        anonymise_request(request=request, actor="erasure")
        return
    ServiceRequest.objects.filter(pk=request.pk).update(reporter=None, updated_at=clock.now())
