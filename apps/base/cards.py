"""Cards on the staff's first page: each app says in one number what wants attention."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.base import clock
from apps.base.models import Work
from apps.base.registry import Registry


@dataclass(frozen=True, slots=True)
class Card:
    """`permission` is what one needs to follow `url`; without it the card is not shown."""

    title: str
    value: str
    detail: str
    url: str
    permission: str
    alarming: bool = False


cards: Registry[Callable[[], Card]] = Registry("staff card")


def work() -> Card:
    failed = Work.objects.failed().count()
    waiting = Work.objects.due(clock.now()).count()
    return Card(
        title=_("Work that failed"),
        value=str(failed),
        detail=_("%d due now") % waiting,
        url=reverse("admin:base_work_changelist", query={"state__exact": "failed"}),
        permission="base.view_work",
        alarming=failed > 0,
    )
