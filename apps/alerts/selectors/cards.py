"""What staff see of alerts on their first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.alerts.models import Alert, Notice, SafetyAnswer
from apps.base.cards import Card


def in_force() -> Card:
    waiting = Notice.objects.filter(state=Notice.State.SUBMITTED).count()
    return Card(
        title=_("Alerts in force"),
        value=str(Alert.objects.public().in_force().count()),
        detail=_("%d waiting for approval") % waiting,
        url=reverse("admin:alerts_alert_changelist"),
        permission="alerts.view_alert",
        alarming=waiting > 0,
    )


def need_help() -> Card:
    waiting = SafetyAnswer.objects.waiting().count()
    return Card(
        title=_("People who need help"),
        value=str(waiting),
        detail=_("nobody is with them yet"),
        url=reverse("admin:alerts_safetyanswer_changelist"),
        permission="alerts.view_safetyanswer",
        alarming=waiting > 0,
    )
