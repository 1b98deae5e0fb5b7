"""E-mail, by whatever `CITIZEN_EMAIL_URL` names. A link in it acknowledges the message."""

from collections.abc import Collection
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _

from apps.base.threads import in_thread
from apps.notify.core.outcomes import ACCEPTED, Outcome, Verdict, later
from apps.notify.models import Telling
from apps.notify.selectors.addresses import person_addresses, with_address
from apps.notify.services.receipts import receipt_token
from apps.notify.services.transports import Brake, Parcel, Report, Takes

NO_ADDRESS = Outcome(Verdict.REFUSED, "no_address")


class Email:
    takes = Takes.PERSONS
    rank, critical_rank = 20, 40
    per_minute = 3000

    def reachable(self, persons: Collection[int], telling: Telling) -> set[int]:
        return with_address("email", persons)

    async def send(self, parcel: Parcel, report: Report, brake: Brake) -> None:
        persons = [pk for _offset, pk in parcel.recipients]
        addresses = await in_thread(person_addresses)("email", persons)
        for offset, pk in parcel.recipients:
            if pk not in addresses:
                report(offset, NO_ADDRESS)
                continue
            await brake.take()
            report(offset, await in_thread(self._mail)(parcel, pk, addresses[pk]))

    def _mail(self, parcel: Parcel, person: int, address: str) -> Outcome:
        message = EmailMessage(
            subject=parcel.content.title,
            body=_text(parcel, person),
            to=[address],
            headers={"Auto-Submitted": "auto-generated", "X-Citizen-Tag": parcel.tag},
        )
        try:
            get_connection().send_messages([message])
        except SMTPRecipientsRefused as error:
            return _refused(max(code for code, _words in error.recipients.values()), parcel)
        except SMTPResponseException as error:
            return _refused(error.smtp_code, parcel)
        except OSError as error:
            return later(type(error).__name__.lower(), attempt=parcel.attempt, jitter=0.5)
        return ACCEPTED

    async def close(self) -> None:
        pass


def _refused(code: int, parcel: Parcel) -> Outcome:
    """RFC 5321, 4.2.1: 5yz is for good, 4yz is for now."""
    if code >= 500:
        return Outcome(Verdict.REFUSED, f"smtp_{code}")
    return later(f"smtp_{code}", attempt=parcel.attempt, jitter=0.5)


def _text(parcel: Parcel, person: int) -> str:
    token = receipt_token(telling=parcel.telling, transport="email", person=person)
    with translation.override(parcel.language):
        seen = _("Tell us that you have read this: %s")
        more = _("More: %s")
        lines = [parcel.content.body]
        if parcel.link:
            lines.append(more % f"{settings.PUBLIC_URL}{parcel.link}")
        lines.append(seen % f"{settings.PUBLIC_URL}/api/v1/notify/receipts/{token}")
    return "\n\n".join(lines)


def make() -> Email:
    return Email()
