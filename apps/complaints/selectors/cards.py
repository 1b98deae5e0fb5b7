"""What staff see of complaints on their first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.base import clock
from apps.base.cards import Card
from apps.complaints.models import ServiceRequest, SlaClock


def complaints() -> Card:
    late = SlaClock.objects.filter(stopped_at=None, due_at__lt=clock.now()).count()
    return Card(
        title=_("Open complaints"),
        value=str(ServiceRequest.objects.open().count()),
        detail=_("%d over their time") % late,
        url=reverse("admin:complaints_servicerequest_changelist"),
        permission="complaints.view_servicerequest",
        alarming=late > 0,
    )
