"""What staff see of devices on their first page."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.base import clock
from apps.base.cards import Card
from devices.models import Alarm, Quarantine

LATELY = timedelta(days=1)


def alarms() -> Card:
    count = Alarm.objects.open().count()
    return Card(
        title=_("Devices with a fault"),
        value=str(count),
        detail=_("silent, stuck, flapping or with a wrong clock"),
        url=reverse("admin:devices_alarm_changelist"),
        permission="devices.view_alarm",
        alarming=count > 0,
    )


def quarantine() -> Card:
    since = clock.now() - LATELY
    count = Quarantine.objects.filter(received_at__gte=since, decided_at=None).count()
    return Card(
        title=_("Observations kept apart"),
        value=str(count),
        detail=_("in the last 24 hours, not decided yet"),
        url=reverse("admin:devices_quarantine_changelist"),
        permission="devices.view_quarantine",
        alarming=count > 0,
    )
