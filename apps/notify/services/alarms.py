"""Something is wrong with a transport: whoever is on duty hears of it, once an hour."""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.models import Department
from apps.accounts.selectors.roster import on_duty
from apps.base import clock
from apps.notify.core.messages import Content, Lane, Message
from apps.notify.models import Budget
from apps.notify.services.telling import tell


@transaction.atomic
def raise_alarm(*, transport: str, reason: str) -> None:
    """Note the trouble for the health page and tell the duty desk."""
    now = clock.now()
    Budget.objects.update_or_create(
        name=f"{transport}:life",
        defaults={"trouble": reason[:80], "trouble_at": now},
        create_defaults={"trouble": reason[:80], "trouble_at": now, "spent_until": now},
    )
    desk = Department.objects.filter(code=settings.HAZARD_DESK).first()
    message = _message(transport, reason)
    for person in on_duty(desk, now) if desk else ():
        key = f"alarm:{transport}:{reason}:{now:%Y-%m-%dT%H}:{person.pk}"
        tell(to=person, message=message, lane=Lane.SERVICE, key=key[:200], cause="notify:alarm")


def _message(transport: str, reason: str) -> Message:
    contents = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            contents[language] = Content(
                title=_("Messages are not going out"),
                body=_("%(transport)s: %(reason)s. Please look at the sending page.")
                % {"transport": transport, "reason": reason},
            )
    return Message(contents=contents, category="duty", tag=f"alarm-{transport}", critical=True)
