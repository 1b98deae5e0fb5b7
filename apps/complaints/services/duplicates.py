"""Reports of the same thing: found, offered, merged, and parted again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.problems import Conflict, Invalid
from apps.complaints.core.ngrams import Signature, signature
from apps.complaints.core.similarity import (
    OFFER_FROM,
    SURE_FROM,
    Likeness,
    Report,
    compare,
)
from apps.complaints.core.states import State, Who
from apps.complaints.models import Attachment, Link, Service, ServiceRequest
from apps.complaints.services.moving import locked, move_request

CLOSED_SINCE = timedelta(days=14)
OPEN_SINCE = timedelta(days=90)
MAX_CANDIDATES = 80
WITHIN_RADII = 2.0


@dataclass(frozen=True, slots=True)
class Similar:
    request: ServiceRequest
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Sketch:
    """A report that is not filed yet, as far as one can compare it. `geom_m` in city metres."""

    text: str
    service: Service
    at: datetime
    geom_m: Any = None
    photo_hashes: tuple[int, ...] = ()


def sketch_of(request: ServiceRequest) -> Sketch:
    return Sketch(
        request.description, request.service, request.requested_at, request.geom_m,
        photo_hashes([request]).get(request.pk, ()),
    )  # fmt: skip


def find_similar(
    sketch: Sketch, *, but: int | None = None, limit: int = 3, from_score: float = OFFER_FROM
) -> list[Similar]:
    """Requests that may speak of the same thing, the likeliest first."""
    rows = list(_candidates(sketch, but))
    hashes = photo_hashes(rows) if sketch.photo_hashes else {}
    ours = _report(sketch)
    scored = [Similar(row, compare(ours, _filed(row, hashes.get(row.pk, ())))) for row in rows]
    likely = [one for one in scored if one.likeness.score >= from_score]
    return sorted(likely, key=lambda one: -one.likeness.score)[:limit]


def _candidates(sketch: Sketch, but: int | None) -> QuerySet[ServiceRequest]:
    """Near, of the same group, and open or closed not long ago; the nearest few."""
    fresh = Q(closed_at=None, requested_at__gte=sketch.at - OPEN_SINCE) | Q(
        closed_at__gte=sketch.at - CLOSED_SINCE
    )
    rows = ServiceRequest.objects.filter(fresh).exclude(
        state__in=(State.DUPLICATE, State.WITHDRAWN, State.ANONYMISED)
    )
    rows = rows.select_related("service__group").exclude(pk=but or 0)
    if sketch.geom_m is None:
        rows = rows.filter(service=sketch.service, geom=None)
        return rows.order_by("-requested_at")[:MAX_CANDIDATES]
    reach_m = sketch.service.dedupe_radius_m * WITHIN_RADII
    rows = rows.within_m(sketch.geom_m.x, sketch.geom_m.y, reach_m)
    rows = rows.filter(Q(service__group=sketch.service.group_id) | Q(service__needs_place=False))
    return rows.order_by("-requested_at")[:MAX_CANDIDATES]


def _report(sketch: Sketch) -> Report:
    at = sketch.geom_m
    return Report(
        signature=signature(sketch.text),
        at=sketch.at,
        service=sketch.service.service_code,
        group=str(sketch.service.group_id),
        radius_m=sketch.service.dedupe_radius_m,
        east_m=at.x if at else None,
        north_m=at.y if at else None,
        photo_hashes=sketch.photo_hashes,
    )


def _filed(row: ServiceRequest, hashes: tuple[int, ...]) -> Report:
    at = row.geom_m
    return Report(
        signature=_signature(row.description),
        at=row.requested_at,
        service=row.service.service_code,
        group=str(row.service.group_id),
        radius_m=row.service.dedupe_radius_m,
        east_m=at.x if at else None,
        north_m=at.y if at else None,
        photo_hashes=hashes,
    )


@lru_cache(maxsize=20_000)
def _signature(text: str) -> Signature:
    return signature(text)


def photo_hashes(rows: Iterable[ServiceRequest]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    photos = Attachment.objects.filter(request__in=[row.pk for row in rows], of_remedy=False)
    for pk, phash in photos.values_list("request_id", "media__perceptual_hash"):
        found[pk] = (*found.get(pk, ()), phash)
    return found


# ---------------------------------------------------------------- merging


@transaction.atomic
def merge_request(
    *,
    request: ServiceRequest,
    original: ServiceRequest,
    how: str,
    actor: str,
    score: float | None = None,
) -> Link:
    """`request` repeats `original`: it is closed as a repeat, and its people follow the original.

    What repeated `request` repeats the original from now on. Raises Conflict, Invalid.
    """
    first, second = sorted((request.pk, original.pk))
    if first == second:
        raise Invalid(errors={"original": _("A request does not repeat itself.")})
    rows = {pk: locked(ServiceRequest(pk=pk)) for pk in (first, second)}
    repeat, head = rows[request.pk], _head(rows[original.pk])
    if head.pk == repeat.pk:
        raise Conflict(_("The other one already repeats this one."))
    link = Link.objects.create(
        repeat=repeat, original=head, how=how, score=score, state_before=repeat.state,
        at=clock.now(), actor=actor,
    )  # fmt: skip
    who = {Link.How.CITIZEN: Who.CITIZEN, Link.How.SYSTEM: Who.SYSTEM}.get(Link.How(how), Who.STAFF)
    move_request(request=repeat, after=State.DUPLICATE, who=who, actor=actor, original=head)
    repeat.repeats.update(duplicate_of=head)
    return link


def _head(original: ServiceRequest) -> ServiceRequest:
    """The request at the end of a chain of repeats."""
    return original.duplicate_of or original


@transaction.atomic
def unmerge_request(*, request: ServiceRequest, actor: str) -> ServiceRequest:
    """They were two things after all: it is open again with a clock of its own. Raises Conflict."""
    standing = Link.objects.select_for_update().filter(repeat=request, undone_at=None)
    link = standing.first()
    if link is None:
        raise Conflict(_("This request repeats no other."))
    link.undone_at, link.undone_by = clock.now(), actor
    link.save(update_fields=["undone_at", "undone_by"])
    return move_request(request=request, after=State.RECEIVED, who=Who.STAFF, actor=actor)


def is_sure(similar: Similar, request: ServiceRequest) -> bool:
    """Nearly certain, and by the same reporter: merged without asking, and told."""
    return (
        similar.likeness.score >= SURE_FROM
        and request.reporter_id is not None
        and similar.request.reporter_id == request.reporter_id
    )
