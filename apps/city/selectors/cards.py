"""What staff see of the city on their first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.base import clock
from apps.base.cards import Card
from apps.city.models import Obstruction
from apps.city.selectors.obstructions import active_at


def obstructions() -> Card:
    active = active_at(clock.now())
    reported = active.filter(state=Obstruction.State.REPORTED).count()
    return Card(
        title=_("Obstructions now"),
        value=str(active.count()),
        detail=_("%d reported, not yet confirmed") % reported,
        url=reverse("admin:city_obstruction_changelist"),
        permission="city.view_obstruction",
        alarming=reported > 0,
    )
