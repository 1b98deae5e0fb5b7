"""Text messages, through the provider at `CITIZEN_SMS_URL`."""

from typing import Any

from django.conf import settings

from apps.notify.core.messages import Lane
from apps.notify.kinds.telephony import Telephony
from apps.notify.models import Telling
from apps.notify.services.transports import Parcel


class Sms(Telephony):
    kind, agreed = "sms", "alerts_by_sms"
    rank, critical_rank = 30, 20

    @property
    def url(self) -> str:
        return str(settings.SMS_URL)

    def may_always(self, telling: Telling) -> bool:
        """About their own ride or booking, whoever gave us nothing but a number gets a text."""
        return telling.rings or telling.lane == Lane.SERVICE

    def content(self, parcel: Parcel) -> dict[str, Any]:
        return {"text": parcel.content.texted}


def make() -> Sms:
    return Sms()
