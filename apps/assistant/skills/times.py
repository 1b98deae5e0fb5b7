"""The slot for a moment: "at six", "내일 아침 8시 반", "now"; what is still missing is asked."""

from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.messages import Button, Expect, Inbound, Kind, Output
from apps.assistant.core.slots import Answer, Context, Misunderstood, Reading, Slot
from apps.assistant.core.when import Moment, moment_in
from apps.assistant.skills.saying import day_text, local_now


class WhenSlot(Slot):
    """A moment as ISO 8601 with "now" for now; `optional` ones are taken where they are said."""

    name: ClassVar[str] = "when"
    takes_rough: ClassVar[bool] = False
    optional: ClassVar[bool] = False

    def label(self, context: Context) -> str:
        return _("Time")

    def wanted(self, context: Context) -> bool:
        return not self.optional or _says_when(context.heard)

    def question(self) -> str:
        return _("When?")

    def ask(self, context: Context) -> Output:
        aloud = _("Four digits are a time: 1, 8, 3, 0 is half past six in the evening.")
        return Output(
            text=self.question(), buttons=(Button(_("Now"), "when:now"),), expects=Expect.TEXT,
            spoken=f"{self.question()} {aloud}", digits=4,
        )  # fmt: skip

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if heard.kind is Kind.CHOICE and asked and heard.choice == "when:now":
            return Answer({"at": local_now().isoformat(), "arrives": False})
        if heard.kind is Kind.DIGITS and asked:
            return self._keyed(heard.digits, context)
        if heard.kind is not Kind.TEXT:
            return None
        day = context.notes.get("day")
        on = datetime.fromisoformat(day).date() if day else None
        return self._use(moment_in(heard.text, local_now(), asked=asked, on=on), context)

    def _keyed(self, digits: str, context: Context) -> Reading:
        """1830 on the keypad, or an hour alone."""
        if not digits.isdecimal() or len(digits) not in (1, 2, 4):
            return None
        said = f"{digits[:2]}:{digits[2:]}" if len(digits) == 4 else f"at {digits}"
        return self._use(moment_in(said, local_now(), asked=True), context)

    def _use(self, moment: Moment | None, context: Context) -> Reading:
        if moment is None:
            return None
        if moment.at is None or (moment.rough and not self.takes_rough):
            day = moment.at or datetime.combine(
                moment.on or local_now().date(), datetime.min.time()
            )
            context.notes["day"] = day.isoformat()
            text = _("At what time on %s?") % day_text(day if day.tzinfo else day.astimezone())
            return Misunderstood(Output(text=text, expects=Expect.TEXT, digits=4))
        context.notes.pop("day", None)
        return Answer({"at": moment.at.isoformat(), "arrives": moment.arrives})


def _says_when(heard: Inbound) -> bool:
    return heard.kind is Kind.TEXT and moment_in(heard.text, local_now()) is not None


def instant(context: Context, name: str = "when") -> datetime | None:
    value = context.slots.get(name)
    return datetime.fromisoformat(value["at"]) if value else None
