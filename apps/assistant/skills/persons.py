"""For whom something is booked."""

from apps.accounts.models import Person
from apps.assistant.core.slots import Context
from apps.assistant.services.acquaintance import acquaint


def person_for(context: Context) -> Person | None:
    """Whoever speaks, made known to the city where their channel vouches for them."""
    if context.person is not None:
        known: Person = context.person
        return known
    return acquaint(conversation=context.conversation, language=context.language)
