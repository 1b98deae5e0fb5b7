"""What is kept has an end: photos without a report, requests closed long ago, old exports."""

from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.fields.files import FieldFile
from django.db.models.lookups import LessThan

from apps.base import clock
from apps.base.models import Media
from apps.complaints.core.states import State, Who
from apps.complaints.models import (
    Attachment,
    Feedback,
    Note,
    OpenDataFile,
    Original,
    ServiceRequest,
    StatusChange,
    Subscription,
    TrainingExample,
)
from apps.complaints.services.moving import move_request

PHOTOS_UNCLAIMED = timedelta(days=1)
WITHDRAWN_KEPT = timedelta(days=365)
OPEN_DATA_KEPT = timedelta(days=400)
AT_ONCE = 200


def unclaimed_photos() -> int:
    """Photos whose report was never sent."""
    rows = Attachment.objects.filter(request=None, created_at__lt=clock.now() - PHOTOS_UNCLAIMED)
    return remove_photos(rows)


def remove_photos(rows: QuerySet[Attachment]) -> int:
    """Rows, pictures, and once that is committed the files."""
    found = list(rows.select_related("media", "blurred"))
    Attachment.objects.filter(pk__in=[row.pk for row in found]).delete()
    for media in filter(None, (each for row in found for each in (row.media, row.blurred))):
        remove_file_later(media.file)
        Media.objects.filter(pk=media.pk).delete()
    return len(found)


def remove_file_later(file: FieldFile) -> None:
    """Once the row is gone for good."""
    transaction.on_commit(partial(file.storage.delete, str(file.name)))


def old_requests() -> int:
    """Anonymise what was closed longer ago than its service keeps it, withdrawn ones after a year.

    Service, place and times stay for the statistics, to the nearest hundred metres or so.
    """
    done = 0
    for request in islice(_over(clock.now()), AT_ONCE):
        anonymise_request(request=request)
        done += 1
    return done


def _over(now: datetime) -> QuerySet[ServiceRequest]:
    kept = ExpressionWrapper(
        F("closed_at") + F("service__retention_days") * timedelta(days=1),
        output_field=DateTimeField(),
    )
    rows = ServiceRequest.objects.exclude(closed_at=None).exclude(state=State.ANONYMISED)
    withdrawn = Q(state=State.WITHDRAWN, closed_at__lt=now - WITHDRAWN_KEPT)
    return rows.filter(LessThan(kept, now) | withdrawn).order_by("closed_at")


@transaction.atomic
def anonymise_request(*, request: ServiceRequest, actor: str = "city") -> ServiceRequest:
    """Let go of words, photos, people and the exact place; for ever."""
    remove_photos(request.attachments.all())
    Original.objects.filter(request=request).delete()
    Note.objects.filter(request=request).delete()
    Subscription.objects.filter(request=request).delete()
    Feedback.objects.filter(request=request).update(text="")
    TrainingExample.objects.filter(request=request).delete()
    StatusChange.objects.filter(request=request).update(
        reason="", public_note="", media_url="", actor=""
    )
    return move_request(
        request=request,
        after=State.ANONYMISED,
        who=Who.SYSTEM,
        actor=actor,
        changes={
            "description": "", "status_notes": "", "answers": {}, "address": "", "address_id": "",
            "reporter": None, "assignee": None, "media_urls": [], "geom": _coarse(request),
            "geom_m": _coarse_m(request), "is_public": False,
        },
    )  # fmt: skip


def _coarse(request: ServiceRequest) -> object:
    """A thousandth of a degree: about a hundred metres."""
    if request.geom is None:
        return None
    point = request.geom.clone()
    point.x, point.y = round(point.x, 3), round(point.y, 3)
    return point


def _coarse_m(request: ServiceRequest) -> object:
    if request.geom_m is None:
        return None
    point = request.geom_m.clone()
    point.x, point.y = round(point.x, -2), round(point.y, -2)
    return point


def old_open_data() -> int:
    """Daily files older than a year or so; each holds all that the ones before held."""
    rows = OpenDataFile.objects.filter(created_at__lt=clock.now() - OPEN_DATA_KEPT)
    for row in rows:
        remove_file_later(row.file)
    return rows.delete()[0]
