"""Saved places: home, school, mother's flat; with consent, as cells of some 20 m."""

import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.accounts.selectors.consents import Purpose, require_consent
from apps.base import clock
from apps.base.problems import Conflict, Invalid, NotFound
from apps.city.models import the_city
from apps.notify.core import cells
from apps.notify.models import Registration, SavedPlace

SAVED_PLACES = "saved-places"
MOST = 20

PURPOSE = Purpose(
    title=_("Keeping places that matter to you"),
    text=_(
        "The city keeps the places you name, each to some twenty metres, to warn you of dangers"
        " there even when you are elsewhere. Nobody sees them, and they go as soon as you take this"
        " consent back."
    ),
    version="1",
    forget="apps.notify.services.places.forget_places",
)


@transaction.atomic
def save_place(
    *,
    cell: int,
    label: str = "",
    person: Person | None = None,
    registration: Registration | None = None,
) -> SavedPlace:
    """Keep a place. For a person it needs their consent; an app on a device gives it by asking.

    Raises:
        ConsentMissing, Conflict (too many), Invalid (no cell of the right size, or elsewhere).
    """
    if not cells.is_cell(cell, cells.PLACE):
        raise Invalid(errors={"cell": _("An H3 cell of resolution 12 is expected.")})
    lon, lat = cells.centre(cell)
    if not the_city().covers(lon, lat):
        raise Invalid(errors={"cell": _("This lies outside the city.")})
    if person is not None:
        require_consent(person, SAVED_PLACES)
    owner = {"person": person} if person is not None else {"registration": registration}
    if SavedPlace.objects.filter(**owner).count() >= MOST:
        raise Conflict(_("At most %d places.") % MOST)
    place, _created = SavedPlace.objects.update_or_create(
        cell=cell,
        **owner,
        defaults={
            "label": label[:60],
            "coarse_cell": cells.parent(cell, cells.PLACE_INDEX),
            "lon": lon,
            "lat": lat,
            "created_at": clock.now(),
        },
    )
    return place


def remove_place(*, person: Person, code: uuid.UUID | str) -> None:
    """Raises NotFound."""
    removed, _rows = SavedPlace.objects.filter(person=person, code=code).delete()
    if not removed:
        raise NotFound


def forget_places(*, person: Person) -> None:
    """What follows when the consent is withdrawn."""
    SavedPlace.objects.filter(person=person).delete()
