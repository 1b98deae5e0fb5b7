"""What people think of an answer; who is not content opens it again in the same breath."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock
from apps.base.problems import Conflict, Invalid
from apps.complaints.core.states import State
from apps.complaints.models import Feedback, ServiceRequest, Subscription
from apps.complaints.services.moving import locked, once, reopen_request
from apps.complaints.services.privacy import take_in

ANSWERED = (State.RESOLVED, State.REJECTED)


def give_feedback(
    *,
    request: ServiceRequest,
    score: int,
    text: str = "",
    reopen: bool = False,
    actor: str,
    key: str | None = None,
) -> None:
    """Raises Conflict before there is an answer, Invalid for reopening without a word why."""
    asked = {"score": score, "text": text, "reopen": reopen}
    once(
        key=key, actor=actor, command="feedback", request=request, asked=asked,
        do=lambda: _give(request, score, text, reopen, actor),
    )  # fmt: skip


@transaction.atomic
def _give(request: ServiceRequest, score: int, text: str, reopen: bool, actor: str) -> None:
    row = locked(request)
    if row.state not in ANSWERED:
        raise Conflict(_("There is no answer yet."))
    if not 1 <= score <= 5:
        raise Invalid(errors={"score": _("From 1 to 5.")})
    if len(text) > 1000:
        raise Invalid(errors={"text": _("At most 1,000 letters.")})
    kept = take_in(request=row, field="feedback", text=text)
    Feedback.objects.create(request=row, score=score, text=kept, reopened=reopen, at=clock.now())
    if reopen:
        reopen_request(request=row, actor=actor, reason=text)


def follow_request(*, request: ServiceRequest, person: Person) -> Subscription:
    subscription, _created = Subscription.objects.get_or_create(
        request=request, person=person, defaults={"created_at": clock.now()}
    )
    return subscription


def unfollow_request(*, request: ServiceRequest, person: Person) -> None:
    Subscription.objects.filter(request=request, person=person).delete()
