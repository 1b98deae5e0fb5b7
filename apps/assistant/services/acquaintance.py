"""Somebody whom a channel vouches for becomes a person the city can book for and write to."""

from django.db import transaction
from django.db.models import F

from apps.accounts.models import Person
from apps.accounts.services import register_person
from apps.assistant.models import ChannelIdentity, Conversation

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
