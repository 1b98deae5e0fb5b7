"""The messages of an alert that went out, in order."""

from apps.alerts.core.cap import Reference
from apps.alerts.core.chains import Link, Step
from apps.alerts.models import Alert, Notice


def chain_of(alert: Alert) -> list[Link]:
    issued = alert.notices.filter(state=Notice.State.ISSUED).order_by("number")
    return [
        Link(Step(notice.step), Reference(notice.sender, notice.identifier, notice.sent_at))
        for notice in issued
        if notice.sent_at is not None
    ]
