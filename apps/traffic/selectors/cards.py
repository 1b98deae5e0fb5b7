"""What traffic says on the staff's first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.base.cards import Card
from apps.traffic.models import Incident, Junction, JunctionState, JunctionWatch


def junctions() -> Card:
    ill = JunctionState.objects.exclude(health=JunctionState.Health.WELL).filter(
        junction__controller__active=True
    )
    unusual = JunctionWatch.objects.exclude(alarm="").count()
    number = ill.count()
    return Card(
        title=_("Junctions that are not well"),
        value=str(number),
        detail=_("%d detectors are unusual") % unusual,
        url=reverse("admin:traffic_junction_changelist"),
        permission="traffic.view_junction",
        alarming=number > 0,
    )


def incidents() -> Card:
    found = Incident.objects.open()
    high = found.filter(severity__gte=Incident.Severity.HIGH).count()
    commanded = Junction.objects.filter(mode=Junction.Mode.ADAPTIVE).count()
    return Card(
        title=_("Incidents on the roads"),
        value=str(found.count()),
        detail=_("%(high)d to be avoided; %(commanded)d junctions under command")
        % {"high": high, "commanded": commanded},
        url=reverse("admin:traffic_incident_changelist"),
        permission="traffic.view_incident",
        alarming=high > 0,
    )
