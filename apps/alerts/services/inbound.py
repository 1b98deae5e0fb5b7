"""CAP from others: kept once, never our own back to us, and an assessment for staff to judge."""

import hashlib
import secrets

from django.conf import settings
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.alerts.core import cap
from apps.alerts.models import CapSource, InboundCap, Notice
from apps.base import clock
from apps.base.problems import Conflict, Invalid, NotAllowed
from apps.hazards.models import HazardKind
from apps.hazards.services import Finding, assess, end_assessment

_KINDS = {
    "Met": HazardKind.STORM, "Fire": HazardKind.FIRE, "Geo": HazardKind.LANDSLIDE,
    "Infra": HazardKind.STRUCTURE, "Transport": HazardKind.CLOSURE, "Env": HazardKind.SMOKE,
    "CBRNE": HazardKind.SMOKE,
}  # fmt: skip
_SAME = {"FFW": HazardKind.SURFACE_WATER, "FLW": HazardKind.FLOOD, "FRW": HazardKind.FIRE}


class Loop(Conflict):
    slug = "cap-loop"
    title = gettext_lazy("This is our own message come back.")


class Repeated(Conflict):
    slug = "cap-repeated"
    title = gettext_lazy("This message came before.")


def open_source(*, code: str, name: str, sender: str) -> tuple[CapSource, str]:
    """A neighbour's door, and the key for it, shown once."""
    key = secrets.token_urlsafe(24)
    source = CapSource.objects.create(code=code, name=name, sender=sender, key_hash=_digest(key))
    return source, key


def source_with_key(key: str) -> CapSource:
    """Raises NotAllowed."""
    found = CapSource.objects.filter(key_hash=_digest(key), is_active=True).first()
    if found is None:
        raise NotAllowed(_("This key opens no CAP source."))
    return found


@transaction.atomic
def receive_cap(*, source: CapSource, content: bytes) -> InboundCap:
    """Take a message in.

    Raises:
        Invalid: not CAP 1.2, another's sender, references to what is over; nothing is kept.
        Loop: it is ours, or was made from ours. Repeated: it came before.
    """
    try:
        message = cap.from_xml(content)
    except cap.InvalidCap as error:
        raise Invalid(errors={error.field: error.reason}) from error
    _guard(source, message)
    root = _root_of(message)
    row = _keep(source, message, content, root)
    if message.status == "Actual":
        _judge(source, message, row)
    return row


def _guard(source: CapSource, message: cap.Alert) -> None:
    ours = Notice.objects.filter(
        identifier__in=[message.identifier, *(one.identifier for one in message.references)]
    )
    if message.sender == settings.ALERT_SENDER or ours.exists():
        raise Loop
    if message.sender != source.sender:
        raise Invalid(errors={"sender": _("This source writes as %s.") % source.sender})


def _root_of(message: cap.Alert) -> str:
    """The first message of its chain. Raises Invalid for a chain that has ended."""
    if not message.references:
        return message.identifier
    names = [reference.identifier for reference in message.references]
    known = InboundCap.objects.filter(sender=message.sender, identifier__in=names)
    if any(row.ended for row in known):
        raise Invalid(errors={"references": _("This alert was cancelled or is over.")})
    first = known.order_by("sent_at").first()
    return first.root if first else names[0]


def _keep(source: CapSource, message: cap.Alert, content: bytes, root: str) -> InboundCap:
    try:
        with transaction.atomic():
            return InboundCap.objects.create(
                source=source, identifier=message.identifier, sender=message.sender,
                sent_at=message.sent, status=message.status, message_type=message.message_type,
                root=root, xml=content.decode("utf-8", "replace"), received_at=clock.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise Repeated from error


def _judge(source: CapSource, message: cap.Alert, row: InboundCap) -> None:
    """An assessment for the inbox; the end of one for a cancel or an all-clear."""
    name = f"cap:{source.code}"
    over = message.message_type == "Cancel" or any(
        "AllClear" in info.responses for info in message.infos
    )
    if over:
        InboundCap.objects.filter(sender=message.sender, root=row.root).update(ended=True)
        end_assessment(source=name, reference=row.root[:120])
    elif message.message_type in ("Alert", "Update"):
        row.assessment = assess(source=name, reference=row.root[:120], finding=_finding(message))
        row.save(update_fields=["assessment"])


def _finding(message: cap.Alert) -> Finding:
    info = message.infos[0]
    return Finding(
        kind=_kind_of(info),
        summary=(info.headline or info.event)[:200],
        geom=_area(info),
        severity=info.severity,
        certainty=info.certainty,
        urgency=info.urgency,
        evidence=[{"title": "CAP", "value": message.identifier, "link": info.web}],
        onset_at=info.onset,
        expires_at=info.expires,
    )


def _kind_of(info: cap.Info) -> str:
    for _name, value in info.event_codes:
        if value in _SAME:
            return _SAME[value]
    return _KINDS.get(info.category, HazardKind.OTHER)


def _area(info: cap.Info) -> MultiPolygon:
    rings = [ring for area in info.areas for ring in area.polygons]
    if not rings:
        raise Invalid(errors={"area": _("An area with a polygon is expected.")})
    union = MultiPolygon([Polygon(ring) for ring in rings], srid=4326).unary_union
    if isinstance(union, MultiPolygon):
        return union
    return MultiPolygon(union, srid=4326)  # one polygon; anything else is refused as an area


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
