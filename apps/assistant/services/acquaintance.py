"""Somebody whom a channel vouches for becomes a person the city can book for and write to."""

from django.db import transaction
from django.db.models import F

from apps.accounts.models import Person
from apps.accounts.services import register_person
from apps.assistant.models import ChannelIdentity, Conversation
from apps.base import clock

# Any browser may come as somebody new at any time, so that the web needs a login instead.
UNVOUCHED = frozenset({"web"})


@transaction.atomic
def acquaint(*, conversation: str, language: str) -> Person | None:
    """The person behind a conversation, made at the first need; None where nobody vouches."""
    of = Conversation.objects.filter(code=conversation).values_list("identity", flat=True)
    identity = ChannelIdentity.objects.select_for_update(of=("self",)).get(pk=of.get())
    if identity.person is not None or identity.channel in UNVOUCHED:
        return identity.person
    person = register_person(locale=language)
    ChannelIdentity.objects.filter(pk=identity.pk).update(person=person, seen_at=F("seen_at"))
    return person


@transaction.atomic
def seat(*, channel: str, identity: str, person: Person | None, language: str) -> bool:
    """Let a browser go on as `identity`: with the person who is signed in, or as nobody.

    Returns False where the name is somebody else's: who signed out, or signed in as another, must
    begin a chat of their own.
    """
    now = clock.now()
    row, _new = ChannelIdentity.objects.select_for_update(of=("self",)).get_or_create(
        channel=channel,
        identity=identity,
        defaults={"created_at": now, "seen_at": now, "language": language},
    )
    if row.person_id is not None:
        return person is not None and row.person_id == person.pk
    if person is not None:
        row.person, row.verified_at = person, now
        row.save(update_fields=["person", "verified_at"])
    return True
