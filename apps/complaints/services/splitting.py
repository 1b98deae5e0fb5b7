"""One report about several things becomes parts, each with a service, department and clock."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.problems import Conflict, Invalid
from apps.complaints.core.states import State
from apps.complaints.events import on_commit, request_changed
from apps.complaints.models import Service, ServiceRequest, Subscription
from apps.complaints.services import clocks, obstructions, telling
from apps.complaints.services.filing import next_number
from apps.complaints.services.history import note_move
from apps.complaints.services.moving import locked
from apps.complaints.services.privacy import clean, keep_original

Part = tuple[str, Service]
MAX_PARTS = 6


@transaction.atomic
def split_request(
    *, request: ServiceRequest, parts: Sequence[Part], actor: str
) -> list[ServiceRequest]:
    """File the parts; they keep place and reporter, the report itself goes on beside them.

    Raises Conflict where it is closed, Invalid without parts.
    """
    if not 1 <= len(parts) <= MAX_PARTS or not all(text.strip() for text, _service in parts):
        raise Invalid(errors={"parts": _("One to six parts, each with its words.")})
    row = locked(request)
    if not row.is_open:
        raise Conflict(_("This request is closed."))
    return [_file_part(row, text, service, actor) for text, service in parts]


def _file_part(row: ServiceRequest, text: str, service: Service, actor: str) -> ServiceRequest:
    now, cleaned = clock.now(), clean(text)
    part = ServiceRequest.objects.create(
        number=next_number(), service=service, description=cleaned.masked, language=row.language,
        geom=row.geom, geom_m=row.geom_m, address=row.address, address_id=row.address_id,
        zipcode=row.zipcode, district_code=row.district_code, channel=row.channel,
        reporter=row.reporter, department=service.department, priority=row.priority,
        is_public=service.is_public, routed_by=ServiceRequest.RoutedBy.STAFF, parent=row,
        requested_at=now, updated_at=now,
    )  # fmt: skip
    note_move(part, "", State.RECEIVED, actor=actor)
    keep_original(request=part, field="description", cleaned=cleaned)
    followers = row.subscriptions.values_list("person_id", flat=True)
    Subscription.objects.bulk_create(
        Subscription(request=part, person_id=person, created_at=now) for person in followers
    )
    clocks.start_clock(request=part)
    obstructions.open_for(request=part)
    telling.tell_about(part, "split")
    on_commit(request_changed, code=str(part.code), state=part.state)
    return part
