"""What is the matter: in the citizen's own words."""

from typing import ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.bare_wishes import says_nothing
from apps.assistant.core.messages import Expect, Inbound, Kind, Output
from apps.assistant.core.slots import Answer, Context, Misunderstood, Reading, Slot
from apps.base.sealing import unseal
from apps.complaints.core.identifiers import mask_identifiers

LENGTH = 1000
AS_SAID = "as_said"


class Description(Slot):
    """What is the matter, in the citizen's words; the words that opened it, if they say so."""

    name: ClassVar[str] = "description"
    free_text: ClassVar[bool] = True

    def label(self, context: Context) -> str:
        return _("What it is about")

    def ask(self, context: Context) -> Output:
        return Output(text=_("What is the matter? Describe it in your own words."),
                      expects=Expect.TEXT)  # fmt: skip

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if heard.kind is not Kind.TEXT:
            return None
        if not asked and context.intent not in ("file_complaint", "none", ""):
            return None
        if says_nothing(heard.text):
            return Misunderstood(self.ask(context)) if asked else None
        context.notes[AS_SAID] = heard.sealed
        return Answer(heard.text[:LENGTH])


def as_said(context: Context) -> str:
    """The description with the number plate that was masked on its way: complaints keeps it sealed
    for who has to follow it up, and masks it everywhere else."""
    sealed, masked = context.notes.get(AS_SAID), context.slots["description"]
    words: str = unseal(sealed)[:LENGTH] if sealed else masked
    return words if mask_identifiers(words)[:LENGTH] == masked else masked
