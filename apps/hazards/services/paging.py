"""The duty roster is called, rank by rank, until somebody is on it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apps.accounts.selectors.roster import on_duty
from apps.base import clock, work
from apps.hazards.models import Assessment
from apps.notify.services import Content, Lane, Message, tell

PAGE = "hazards.page"
NEXT_RANK_AFTER = timedelta(minutes=3)
MAX_ROUNDS = 10


def page_duty(row: Assessment) -> None:
    """Call whoever stands by, first rank first, in the caller's transaction."""
    work.enqueue(PAGE, {"code": str(row.code), "round": 0}, key=f"{row.code}:{row.revision}:0")


@transaction.atomic
def page(payload: Mapping[str, Any]) -> None:
    """Work handler: call the next in rank, and come back unless somebody is on it by then."""
    row = Assessment.objects.filter(code=payload["code"]).first()
    round_ = int(payload["round"])
    if row is None or row.state != Assessment.State.NEW or round_ >= MAX_ROUNDS:
        return
    people = on_duty(row.department, clock.now())
    if people:
        person = people[round_ % len(people)]
        key = f"page:{row.code}:{row.revision}:{round_}"
        tell(to=person, message=_message(row), lane=Lane.LIFE_SAFETY, key=key,
             cause=f"assessment:{row.code}")  # fmt: skip
    work.enqueue(
        PAGE,
        {"code": str(row.code), "round": round_ + 1},
        key=f"{row.code}:{row.revision}:{round_ + 1}",
        delay=NEXT_RANK_AFTER,
    )


def _message(row: Assessment) -> Message:
    contents = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            contents[language] = Content(
                title=_("On duty: %(kind)s, %(severity)s")
                % {"kind": row.get_kind_display(), "severity": row.get_severity_display()},
                body=_("%(summary)s. Please look at the inbox now.") % {"summary": row.summary},
            )
    return Message(
        contents=contents,
        category="duty",
        tag=f"assessment-{row.code.hex}",
        version=row.revision,
        link=f"/admin/hazards/assessment/{row.pk}/change/",
        critical=True,
        rings=True,
    )
