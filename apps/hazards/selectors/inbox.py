"""The inbox on the first page of staff."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.base.cards import Card
from apps.hazards.models import Assessment


def card() -> Card:
    new = Assessment.objects.filter(state=Assessment.State.NEW).count()
    return Card(
        title=_("New assessments"),
        value=str(new),
        detail=_("%d open") % Assessment.objects.open().count(),
        url=reverse("admin:hazards_assessment_changelist"),
        permission="hazards.view_assessment",
        alarming=new > 0,
    )
