"""Reporting something: told, sorted, placed, compared with what is known, read back, numbered."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.commands import open_skill
from apps.assistant.core.messages import Button, Card, Output
from apps.assistant.core.recordings import is_recording
from apps.assistant.core.slots import Context, Skill
from apps.assistant.models import Deed
from apps.assistant.services.deeds import note_deed
from apps.assistant.services.photos import complaint_photo
from apps.assistant.skills.filing.attributes import Attribute, answered
from apps.assistant.skills.filing.closing import Contact, Photo, reporter, stay_anonymous
from apps.assistant.skills.filing.description import Description, as_said
from apps.assistant.skills.filing.duplicates import Duplicate
from apps.assistant.skills.filing.kind import ServiceChoice, service_of
from apps.assistant.skills.filing.place import ComplaintPlace
from apps.assistant.skills.own_complaints import screen_of
from apps.assistant.skills.saying import digits_text, time_text, yes_and_no
from apps.complaints.models import ServiceRequest
from apps.complaints.services.feedback import follow_request
from apps.complaints.services.filing import Report, file_request, find_request

MOST_ATTRIBUTES = 4
PHONE = "voice"


class FileComplaint(Skill):
    name: ClassVar[str] = "file_complaint"
    intents: ClassVar[tuple[str, ...]] = ("file_complaint",)
    menu_rank: ClassVar[int] = 1
    slots = (
        Description(),
        ServiceChoice(),
        *(Attribute(at) for at in range(MOST_ATTRIBUTES)),
        ComplaintPlace(),
        Duplicate(),
        Photo(),
        Contact(),
    )

    def title(self, context: Context) -> str:
        return _("Report something")

    def read_back(self, context: Context) -> Output | None:
        if context.slots.get("same_as"):
            return None
        service = service_of(context)
        lines = [
            (_("What"), _described(context.slots["description"])),
            (_("Kind"), service.name(context.language) if service else ""),
            (_("Where"), (context.slots.get("place") or {}).get("label", "")),
            (_("Photo"), _("yes") if context.slots.get("photo") else ""),
            (_("Reported by"), _("you") if reporter(context) else _("anonymous")),
        ]
        facts = "\n".join(f"{name}: {value}" for name, value in lines if value)
        question = _("Shall I send it?")
        buttons = (*yes_and_no(), *stay_anonymous(context))
        return Output(text=f"{facts}\n{question}", buttons=buttons)

    def perform(self, context: Context) -> Sequence[Output]:
        if number := context.slots.get("same_as"):
            return [_followed(find_request(number), context)]
        filed = file_request(
            report=self._report(context),
            reporter=reporter(context),
            actor=context.actor,
            key=context.command_key,
        )
        note_deed(conversation=context.conversation, kind=Deed.Kind.COMPLAINT, reference=filed.code)
        return [_filed(filed, context)]

    def _report(self, context: Context) -> Report:
        place = context.slots.get("place") or {}
        photo = context.slots.get("photo")
        channel = ServiceRequest.Channel
        return Report(
            description=as_said(context),
            service_code=context.slots.get("service", ""),
            lon=place.get("lon"),
            lat=place.get("lat"),
            address=place.get("label", ""),
            answers=answered(context),
            photo_tokens=[complaint_photo(photo)] if photo else [],
            language=context.language,
            channel=channel.PHONE if context.channel == PHONE else channel.CHAT,
        )


def _described(text: str) -> str:
    return _("what you said, as it was recorded") if is_recording(text) else text


def _filed(row: ServiceRequest, context: Context) -> Output:
    """The number, and by when there will be an answer."""
    due = time_text(row.expected_at) if row.expected_at else ""
    facts = {"number": row.number, "due": due}
    card = Card(
        title=row.number,
        text=row.service.name(context.language),
        facts=((_("Where"), row.address), (_("Answer by"), due)),
        link=screen_of(row, context),
    )
    return Output(
        text=_("Thank you. Your complaint has the number %(number)s. You will have an answer by "
               "%(due)s.") % facts,
        spoken=_("Thank you. Your complaint has the number %(number)s. I repeat: %(number)s. You "
                 "will have an answer by %(due)s.")
        % (facts | {"number": digits_text(row.number)}),
        card=card,
        buttons=(
            Button(_("Park nearby"), open_skill("find_parking")),
            Button(_("Report something else"), open_skill("file_complaint")),
        ),
    )  # fmt: skip


def _followed(row: ServiceRequest, context: Context) -> Output:
    """It is reported already: one follows that report, where we can write to them."""
    note_deed(conversation=context.conversation, kind=Deed.Kind.COMPLAINT, reference=row.code)
    if context.person is not None:
        follow_request(request=row, person=context.person)
        text = _("Then I file nothing new: you follow %(number)s and hear what becomes of it.")
    else:
        text = _("Then I file nothing new. Ask for %(number)s at any time to hear where it stands.")
    return Output(
        text=text % {"number": row.number},
        spoken=text % {"number": digits_text(row.number)},
    )


skill = FileComplaint()
