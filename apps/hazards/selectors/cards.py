"""What hazards says on the staff's first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.base.cards import Card
from apps.hazards.models import Flag, InspectionOrder, StationState


def stations() -> Card:
    states = StationState.objects.filter(station__retired_at=None)
    high = states.filter(level__in=("alarm", "serious", "plan_flood"), flag=Flag.GOOD).count()
    ill = states.exclude(flag__in=(Flag.GOOD, Flag.ESTIMATED)).count()
    return Card(
        title=_("Gauges at alarm level"),
        value=str(high),
        detail=_("%d gauges are not to be believed") % ill,
        url=reverse("admin:hazards_station_changelist"),
        permission="hazards.view_station",
        alarming=high > 0,
    )


def inspections() -> Card:
    waiting = InspectionOrder.objects.open().count()
    return Card(
        title=_("Buildings to inspect"),
        value=str(waiting),
        detail=_("orders that nobody has closed"),
        url=reverse("admin:hazards_inspectionorder_changelist"),
        permission="hazards.view_inspectionorder",
        alarming=waiting > 0,
    )
