"""A message comes in: kept once, sealed, before anybody is told that we have it."""

from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from apps.assistant.core.arriving import tidied
from apps.assistant.core.messages import Inbound, Place
from apps.assistant.models import InboundEvent
from apps.assistant.services.sessions import identity_of
from apps.base.sealing import seal, unseal
from apps.complaints.core.identifiers import mask_identifiers

_FIELDS = ("text", "token", "choice", "digits", "media", "silence", "language")


def take_in(*, inbound: Inbound, order: str = "", reply_to: str = "") -> tuple[InboundEvent, bool]:
    """Keep one message; `reply_to` is how the channel wants to be answered.

    Returns its row and whether it is new: a channel that delivers it again finds what became of it.
    """
    known = InboundEvent.objects.filter(channel=inbound.channel, event_id=inbound.event_id).first()
    if known is not None:
        return known, False
    try:
        with transaction.atomic():
            return _kept(inbound, order, reply_to), True
    except IntegrityError:  # delivered twice at once
        row = InboundEvent.objects.get(channel=inbound.channel, event_id=inbound.event_id)
        return row, False


def _kept(inbound: Inbound, order: str, reply_to: str) -> InboundEvent:
    return InboundEvent.objects.create(
        channel=inbound.channel,
        event_id=inbound.event_id[:200],
        identity=identity_of(inbound),
        order=order[:40],
        reply_to=seal(reply_to) if reply_to else "",
        sealed=seal(msgspec.json.encode(_written(inbound)).decode()),
        received_at=inbound.received_at,
    )


def seal_again(event: InboundEvent, inbound: Inbound) -> None:
    """Keep what a message says now that its photo has been fetched."""
    event.sealed = seal(msgspec.json.encode(_written(inbound)).decode())
    event.save(update_fields=["sealed"])


def _written(inbound: Inbound) -> dict[str, Any]:
    said = {name: getattr(inbound, name) for name in _FIELDS}
    return {**said, "place": inbound.place.as_json() if inbound.place else None}


def read_event(event: InboundEvent) -> Inbound:
    """What was said, as it may go on: tidied, and without what identifies a person. What an
    answered message said has been forgotten."""
    said = msgspec.json.decode(unseal(event.sealed))
    place = said.pop("place")
    words = tidied(said.pop("text"))
    text = mask_identifiers(words)
    bare = not any((text, said["token"], said["choice"], said["digits"], place, said["media"]))
    return Inbound(
        channel=event.channel,
        identity=event.identity.identity,
        event_id=event.event_id,
        received_at=event.received_at,
        text=text,
        sealed=seal(words) if words != text else "",
        place=Place.from_json(place) if place else None,
        **{**said, "silence": said["silence"] or bare},
    )
