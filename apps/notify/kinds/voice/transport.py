"""Calls that read the message aloud, through the provider at `CITIZEN_VOICE_URL`."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from apps.notify.kinds.telephony import Telephony
from apps.notify.services.transports import Parcel


class Voice(Telephony):
    kind, agreed = "voice", "alerts_by_voice"
    rank, critical_rank = 40, 10
    per_minute = 120

    @property
    def url(self) -> str:
        return str(settings.VOICE_URL)

    def content(self, parcel: Parcel) -> dict[str, Any]:
        with translation.override(parcel.language):
            ask = _("Press 1 if you have understood. Press 2 to hear it again.")
        return {"speech": f"{parcel.content.spoken} {ask}", "repeat": 2}


def make() -> Voice:
    return Voice()
