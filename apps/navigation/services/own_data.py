"""What navigation keeps of a person: handed out, and let go of."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.accounts.services.personal_data import Erased, Section, covers
from apps.navigation.models import ObstacleVoice, Route

KEYS = ("navigation.Route.person", "navigation.ObstacleVoice.person")


@covers(*KEYS)
def export_navigation(person: Person) -> Section:
    routes = (
        Route.objects.filter(person=person)
        .order_by("pk")
        .values("code", "stops", "profile", "created_at")
    )
    voices = ObstacleVoice.objects.filter(person=person).order_by("pk")
    words = voices.values("obstruction__kind", "obstruction__description", "says", "at")
    return Section({"routes": list(routes), "words_on_obstructions": list(words)})


@covers(*KEYS)
@transaction.atomic
def erase_navigation(person: Person) -> Erased:
    """Routes go; what was said of an obstruction stays, without who said it."""
    removed = Route.objects.filter(person=person).count()
    Route.objects.filter(person=person).delete()
    anonymised = ObstacleVoice.objects.filter(person=person).update(person=None)
    return Erased(
        removed=removed,
        anonymised=anonymised,
        kept=0,
        reason=_("Reports stay without your name.") if anonymised else "",
    )
