"""Questions on the city's services: an approved article with its source, or "I do not know"."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils import formats
from django.utils.translation import gettext as _

from apps.assistant.core.commands import Go, go
from apps.assistant.core.messages import Button, Expect, Inbound, Kind, Output
from apps.assistant.core.slots import Answer, Context, Reading, Skill, Slot
from apps.assistant.models import ArticleVersion
from apps.assistant.selectors.knowledge import answer_to
from apps.assistant.services.knowledge import note_unanswered


class Question(Slot):
    name: ClassVar[str] = "question"
    free_text: ClassVar[bool] = True

    def label(self, context: Context) -> str:
        return _("Question")

    def ask(self, context: Context) -> Output:
        return Output(text=_("What do you want to know?"), expects=Expect.TEXT)

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if heard.kind is not Kind.TEXT or not (asked or context.intent == "ask_knowledge"):
            return None
        return Answer(heard.text)


class AskKnowledge(Skill):
    name: ClassVar[str] = "ask_knowledge"
    intents: ClassVar[tuple[str, ...]] = ("ask_knowledge",)
    menu_rank: ClassVar[int] = 8
    digresses: ClassVar[bool] = True
    slots = (Question(),)

    def title(self, context: Context) -> str:
        return _("Ask a question")

    def perform(self, context: Context) -> Sequence[Output]:
        question = context.slots["question"]
        known = answer_to(question, context.language)
        if known is None:
            note_unanswered(text=question, language=context.language)
            return [unknown()]
        return [told(known.version)]


def told(version: ArticleVersion) -> Output:
    """The words that were approved, and where they come from; nothing is added."""
    day = formats.date_format(version.valid_from, "DATE_FORMAT")
    source = _("Source: %(source)s, valid from %(day)s.") % {
        "source": version.source_name, "day": day
    }  # fmt: skip
    if version.valid_until:
        until = formats.date_format(version.valid_until, "DATE_FORMAT")
        source += " " + _("Valid until %s.") % until
    link = f"\n{version.source_url}" if version.source_url else ""
    return Output(text=f"{version.answer}\n({source}){link}", spoken=f"{version.answer} {source}")


def unknown() -> Output:
    return Output(
        text=_("I do not know that, and I do not want to guess. A person of the city can help."),
        buttons=(Button(_("Talk to a person"), go(Go.PERSON)), Button(_("Menu"), go(Go.MENU))),
        expects=Expect.CHOICE,
    )


skill = AskKnowledge()
