"""Giving a booked parking space up."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.messages import Expect, Inbound, Kind, Output
from apps.assistant.core.slots import Answer, Context, Reading, Skill, Slot
from apps.assistant.skills import answers
from apps.assistant.skills.saying import numbered, time_text, yes_and_no
from apps.base import clock
from apps.base.names import pick
from apps.parking.core.reservations import State
from apps.parking.models import Reservation
from apps.parking.services.cancelling import cancel_reservation
from apps.parking.services.explanations import money
from apps.parking.services.own_bookings import policy_of

OFFERED = 3
CANCELLABLE = (State.HELD, State.CONFIRMED)


def open_reservations(context: Context) -> list[Reservation]:
    if context.person is None or context.is_unproven:
        return []
    rows = Reservation.objects.filter(
        person=context.person, state__in=CANCELLABLE, ends_at__gt=clock.now()
    )
    rows = rows.select_related("space__pool__site", "space__pool__booking_policy")
    return list(rows.order_by("starts_at")[:OFFERED])


def brief(row: Reservation, context: Context) -> str:
    return f"{pick(row.space.pool.site.names, context.language)}, {time_text(row.starts_at)}"


class Choice(Slot):
    """One of several of one's own; asked for only where there are several."""

    name: ClassVar[str] = "booking"
    volunteered: ClassVar[bool] = False

    def rows(self, context: Context) -> list[Any]:
        raise NotImplementedError

    def brief(self, row: Any, context: Context) -> str:
        raise NotImplementedError

    def label(self, context: Context) -> str:
        return _("Booking")

    def wanted(self, context: Context) -> bool:
        return len(self.rows(context)) > 1

    def ask(self, context: Context) -> Output:
        labels = [self.brief(row, context) for row in self.rows(context)]
        return Output(
            text=_("Which one?"), buttons=numbered(labels, "booking"), expects=Expect.CHOICE,
            words=tuple(labels), digits=1,
        )  # fmt: skip

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if not asked:
            return None
        rows = self.rows(context)
        at: int | None = None
        if heard.kind is Kind.CHOICE and heard.choice.startswith("booking:"):
            at = int(heard.choice.removeprefix("booking:"))
        elif heard.kind is Kind.DIGITS:
            at = int(heard.digits[:2]) - 1
        elif heard.kind is Kind.TEXT:
            at = answers.one_of(heard.text, [self.brief(row, context) for row in rows])
        return Answer(str(rows[at].code)) if at is not None and 0 <= at < len(rows) else None

    def chosen(self, context: Context) -> Any:
        """The row meant, or None where there is none."""
        rows = self.rows(context)
        code = context.slots.get(self.name)
        return next((row for row in rows if code in (None, str(row.code))), None)


class WhichSpace(Choice):
    def rows(self, context: Context) -> list[Any]:
        return open_reservations(context)

    def brief(self, row: Any, context: Context) -> str:
        return brief(row, context)


class CancelParking(Skill):
    name: ClassVar[str] = "cancel_parking"
    intents: ClassVar[tuple[str, ...]] = ("cancel_parking",)
    undoes: ClassVar[bool] = True
    which = WhichSpace()
    slots = (which,)

    def title(self, context: Context) -> str:
        return _("Cancel a parking space")

    def read_back(self, context: Context) -> Output | None:
        row = self.which.chosen(context)
        if row is None:
            return None
        fee = policy_of(row).terms.cancel_fee(
            row.price, starts_at=row.starts_at, at=clock.now()
        ) if row.state == State.CONFIRMED else 0  # fmt: skip
        cost = _("That costs %s.") % money(fee, row.currency) if fee else _("That costs nothing.")
        text = _("Shall I cancel %s?") % brief(row, context)
        return Output(text=f"{text} {cost}", buttons=yes_and_no(_("Yes, cancel"), _("No, keep it")))

    def perform(self, context: Context) -> Sequence[Output]:
        row = self.which.chosen(context)
        if row is None:
            return [Output(text=_("You have no parking space booked."))]
        cancel_reservation(person=context.person, code=row.code, key=context.command_key)
        return [Output(text=_("Cancelled: %s.") % brief(row, context))]


skill = CancelParking()
