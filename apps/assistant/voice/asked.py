"""A question on the telephone: what each key means, what may be said, how it is read out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from django.utils import translation
from django.utils.translation import gettext as _

from apps.assistant.core.commands import Go, read_go
from apps.assistant.core.messages import Expect
from apps.assistant.speech.core.listening import Want, Wanted
from apps.assistant.voice.core.menu import MOST_DIGITS, Menu, Option, labels, said_options
from apps.assistant.voice.core.turns import Question
from apps.assistant.voice.gazetteer import street_names

NO_MENU = Menu()
THOUGHT_S = 10.0  # words, places and numbers take longer to find than a key


@dataclass(frozen=True, slots=True)
class Asked:
    """`digits` is how many digits may be keyed in beside the menu's keys; `text` the question."""

    menu: Menu = NO_MENU
    expects: Expect = Expect.NOTHING
    words: tuple[str, ...] = ()
    digits: int = 0
    text: str = ""

    # ------------------------------------------------------------ between two requests

    def put_down(self) -> dict[str, Any]:
        return {
            "options": [[one.label, one.choice] for one in self.menu.options],
            "page": self.menu.page,
            "expects": self.expects.value,
            "words": list(self.words),
            "digits": self.digits,
            "text": self.text,
        }

    @classmethod
    def taken_up(cls, waiting: Mapping[str, Any]) -> Self:
        options = tuple(Option(label, choice) for label, choice in waiting["options"])
        return cls(
            Menu(options, waiting["page"]),
            Expect(waiting["expects"]),
            tuple(waiting["words"]),
            waiting["digits"],
            waiting["text"],
        )

    def turned(self) -> "Asked":
        return replace(self, menu=self.menu.turned())

    # ------------------------------------------------------------ what may come

    @property
    def takes_number(self) -> bool:
        """Whether several digits, or any one of them, are an answer beside the menu."""
        return self.expects is Expect.DIGITS or self.digits > 1

    @property
    def takes_any_words(self) -> bool:
        """Free words: what no engine understands is kept as it was said. A time, which can be keyed
        in, is asked again instead."""
        return self.expects is Expect.TEXT and not self.takes_number

    def question(self) -> Question:
        keys = (self.digits or MOST_DIGITS) if self.takes_number else 1
        if self.expects is Expect.YES_NO:
            return Question(ahead=False)
        if self.takes_number or self.expects in (Expect.TEXT, Expect.PLACE):
            return Question(keys=keys, keeps_words=self.takes_any_words, silence_s=THOUGHT_S)
        return Question()

    def wanted(self, language: str) -> Wanted:
        """What may be said now."""
        words = tuple(dict.fromkeys((*labels(self.menu.options), *self.words)))
        match self.expects:
            case Expect.TEXT if self.takes_number:
                return Wanted(language, Want.MOMENT, words, self.digits)
            case Expect.TEXT:
                return Wanted(language)
            case Expect.YES_NO:
                return Wanted(language, Want.YES_NO, words, digits=1)
            case Expect.DIGITS:
                return Wanted(language, Want.DIGITS, words, self.digits or MOST_DIGITS)
            case Expect.PLACE:
                known = (*words, *street_names(language))
                return Wanted(language, Want.PLACE, known, digits=1)
        return Wanted(language, Want.WORDS, words, digits=1)

    # ------------------------------------------------------------ how it is read out

    def choices(self) -> list[str]:
        """How to answer by key, read after the question."""
        read = self._menu_read()
        if self.takes_number:
            return [*read, self._number_read()]
        if read:
            return read
        match self.expects:
            case Expect.TEXT:
                return [_("Press the hash key when you have finished.")]
            case Expect.YES_NO:
                return [_("Yes is 1, no is 2.")]
        return []

    def _number_read(self) -> str:
        if self.digits == 1:
            return _("Press the number.")
        if self.menu.options:
            return _("Or key it in, and press the hash key at the end.")
        return _("Use the keys, and press the hash key at the end.")

    def _menu_read(self) -> list[str]:
        lines = said_options(
            self.menu, one=_("%(label)s: press %(key)s."), more=_("For more, press %(key)s.")
        )
        for at, option in enumerate(self.menu.shown):
            if language := language_of(option.choice):
                lines[at] = _for_language(option.label, language, at + 1)
        return lines

    def tongues(self) -> dict[str, str]:
        """Sentences of the menu that are said in another language: who needs one understands no
        other."""
        found = ((option, language_of(option.choice)) for option in self.menu.shown)
        keys = enumerate(found, start=1)
        return {
            _for_language(option.label, language, key): language
            for key, (option, language) in keys
            if language
        }


def language_of(choice: str) -> str:
    """The language that a choice changes to, or nothing."""
    where, what = read_go(choice) or (None, "")
    return what if where is Go.LANGUAGE else ""


def _for_language(label: str, language: str, key: int) -> str:
    with translation.override(language):
        return _("%(label)s: press %(key)s.") % {"label": label, "key": key}
