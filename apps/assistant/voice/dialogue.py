"""A call's words: what the conversation says becomes sentences, a menu of keys and what may be
said; what the caller says or presses becomes a message of the conversation.

Runs in threads (it asks the database); one object a call, asked one thing at a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from apps.assistant.core.commands import Go, go
from apps.assistant.core.messages import Expect, Inbound, Output, Place
from apps.assistant.core.recordings import recording_note
from apps.assistant.models import Call, Conversation
from apps.assistant.services.conversing import converse
from apps.assistant.speech.core.grammar import ALWAYS
from apps.assistant.speech.core.listening import Want, Wanted
from apps.assistant.speech.core.prompts import sentences_of
from apps.assistant.voice import checks
from apps.assistant.voice.core.menu import (
    MOST_DIGITS,
    PER_PAGE,
    Menu,
    Option,
    labels,
    said_options,
)
from apps.assistant.voice.core.turns import Question
from apps.assistant.voice.gazetteer import districts, street_names
from apps.assistant.voice.records import CHANNEL, attach_turns
from apps.base import clock
from apps.base.names import pick
from apps.city.models import City

BYE, MENU_AGAIN = "voice:bye", go(Go.MENU)
PERSON_KEY = "0"
_DISTRICT = "voice:district:"
_MOVES = {
    "please repeat that": go(Go.REPEAT), "repeat": go(Go.REPEAT), "go back": go(Go.BACK),
    "start again": go(Go.START_OVER), "help": go(Go.MENU),
    "i want to speak to a person": go(Go.PERSON),
}  # fmt: skip
assert set(_MOVES) == set(ALWAYS), "what may always be said, moves"


@dataclass(frozen=True, slots=True)
class Said:
    """Our turn: what is spoken, then what is awaited."""

    sentences: tuple[str, ...]
    language: str
    question: Question
    wanted: Wanted
    asked: str = ""
    transfer: bool = False


class Dialogue:
    def __init__(self, call: Call) -> None:
        self.call = call
        self.language = call.language
        self.menu = Menu()
        self.expects = Expect.NOTHING
        self.last: Said | None = None
        self._numbers = count(1)
        self._leaves_message = False
        self._wish, self._code = "", ""  # what waits for a check, and the code that was sent

    # ------------------------------------------------------------ between two requests

    def put_down(self) -> dict[str, Any]:
        """What must be known when the answer comes."""
        return {
            "options": [[one.label, one.choice] for one in self.menu.options],
            "page": self.menu.page,
            "expects": self.expects.value,
            "words": list(self._words),
            "digits": self._digits,
            "message": self._leaves_message,
            "check": [self._wish, self._code],
            "next": next(self._numbers),
        }

    def take_up(self, waiting: Mapping[str, Any]) -> None:
        options = tuple(Option(label, choice) for label, choice in waiting["options"])
        self.menu, self.expects = Menu(options, waiting["page"]), Expect(waiting["expects"])
        self._words, self._digits = tuple(waiting["words"]), waiting["digits"]
        self._leaves_message, self._numbers = waiting["message"], count(waiting["next"])
        self._wish, self._code = waiting["check"]

    # ------------------------------------------------------------ turns

    def begin(self) -> Said:
        """The menu after the greeting, or the question at which an earlier call broke off."""
        going_on = self._was_interrupted()
        outputs = self._send(choice=go(Go.REPEAT) if going_on else MENU_AGAIN)
        with translation.override(self.language):
            if going_on:
                line = _("Let us go on where we stopped. Press star to go back.")
                return self._say(outputs, [line])
            return self._say([replace(one, spoken="", text="") for one in outputs])

    def greeting(self) -> str:
        """Said at once, before anything is asked of anybody: who we are, and that speech is
        recorded. Nothing is listened to until it has been said."""
        city = City.objects.first()
        with translation.override(self.language):
            return _(
                "%(city)s. What you say is recorded and kept for %(days)d days; "
                "if you don't want that, use the keys only."
            ) % {
                "city": pick(city.names, self.language) if city else "",
                "days": settings.VOICE_RECORDINGS_KEPT_DAYS,
            }

    def answer_keys(self, digits: str) -> Said:
        with translation.override(self.language):
            return self._keys(digits)

    def answer_words(self, text: str) -> Said:
        with translation.override(self.language):
            move = _MOVES.get(text)
            option = self.menu.option_called(text)
            if option is not None or move is not None:
                return self._choose(option.choice if option else str(move))
            if text in ("yes", "no") and self.expects is Expect.YES_NO:
                return self._say(self._send(choice=go(Go.YES if text == "yes" else Go.NO)))
            if (text.isascii() and text.isdigit()) or self._wish:
                return self._keys(text)
            lines = [_("I understood: %(words)s.") % {"words": text}]
            return self._say(self._send(text=text), lines)

    def answer_recording(self, turn: int) -> Said:
        """Nobody here could write it down: the recording is the answer, and it is said so."""
        with translation.override(self.language):
            if self._leaves_message:
                return self._goodbye(_("Thank you. A person will listen and call you back."))
            text = recording_note(f"{str(self.call.code)[:8]}/{turn}")
            line = _("I have recorded what you said. A person will listen to it.")
            return self._say(self._send(text=text), [line])

    def answer_silence(self) -> Said:
        with translation.override(self.language):
            if self._leaves_message:
                return self._goodbye(_("I hear nothing. Goodbye."))
            return self._say(self._send(silence=True))

    def ask_again(self, *, keys_only: bool) -> Said:
        """Something was said, but nothing that fits the question."""
        with translation.override(self.language):
            line = _("I did not understand that.")
            if keys_only:
                line = _("I still do not understand. Please use the keys.")
            return self._ask([line, *self._choices()])

    def say_again(self) -> Said:
        if self.last is None:
            return self.begin()
        return self.last

    def farewell(self, reason: str) -> Said:
        with translation.override(self.language):
            lines = {
                "silence": _("I hear nothing. Please call again. Goodbye."),
                "flood": _("Too many keys were pressed. Please call again. Goodbye."),
                "trouble": _(
                    "Something is wrong on our side. What you said is kept. Please call again."
                ),
                "too long": _("This call has become too long. Please call again. Goodbye."),
            }
            return self._goodbye(lines.get(reason, _("Goodbye.")))

    # ------------------------------------------------------------ keys

    def _keys(self, digits: str) -> Said:
        """`*` goes back and `0` to a person, wherever one key is the answer."""
        if self._wish:
            return self._checked(digits)
        if digits == "*":
            return self._say(self._send(choice=go(Go.BACK)))
        if digits == PERSON_KEY and self.expects is not Expect.DIGITS:
            return self._say(self._send(choice=go(Go.PERSON)))
        if self.menu.turn_key and digits == self.menu.turn_key:
            self.menu = self.menu.turned()
            return self._ask(self._choices())
        option = self.menu.option_at(digits)
        if option is not None:
            return self._choose(option.choice)
        if self.expects in (Expect.DIGITS, Expect.YES_NO):
            return self._say(self._send(digits=digits))
        return self._ask([_("There is nothing on that key."), *self._choices()])

    def _choose(self, choice: str) -> Said:
        if choice == BYE:
            return self._goodbye(_("Goodbye."))
        if checks.needs_check(self.call, choice):
            return self._check(choice)
        if choice.startswith(_DISTRICT):
            return self._say(self._send(place=self._district(choice.removeprefix(_DISTRICT))))
        return self._say(self._send(choice=choice))

    def _check(self, wish: str) -> Said:
        """Send a code to the number; what was wished for goes on once it is keyed in."""
        code = checks.send_code(self.call)
        if not code:
            line = _("I can't check now that this is your telephone. A person can help you.")
            return self._say(self._send(choice=MENU_AGAIN), [line])
        self._wish, self._code = wish, code
        self.menu, self.expects, self._digits = Menu(), Expect.DIGITS, checks.DIGITS
        line = _("To protect your data we have sent %(n)d digits to this number by text message.")
        return self._ask([line % {"n": checks.DIGITS}, *self._choices()])

    def _checked(self, digits: str) -> Said:
        proven = checks.is_proven(self.call, self._code, digits)
        if proven is False:
            return self._ask([_("Those are not the digits."), *self._choices()])
        wish, self._wish = self._wish, ""
        if proven:
            return self._choose(wish)
        line = _("This code is no longer valid.")
        return self._say(self._send(choice=MENU_AGAIN), [line])

    def _district(self, code: str) -> Place:
        found = next(one for one in districts(self.language) if one.code == code)
        return Place(found.lon, found.lat, found.name)

    # ------------------------------------------------------------ what we say

    def _send(self, **said: Any) -> list[Output]:
        """One message of the caller to the conversation, and what it answers."""
        identity = self.call.identity
        assert identity is not None, "an answered call has a name on its channel"
        inbound = Inbound(
            channel=CHANNEL,
            identity=identity.identity,
            event_id=f"{self.call.code.hex}:{next(self._numbers)}",
            received_at=clock.now(),
            language=self.language,
            **said,
        )
        outputs = converse(inbound)
        self._follow_conversation()
        return outputs

    def _was_interrupted(self) -> bool:
        rows = Conversation.objects.open().filter(identity=self.call.identity)
        return rows.exclude(skill="").filter(state=Conversation.State.ASSISTANT).exists()

    def _follow_conversation(self) -> None:
        """Keep the call's own row beside it: whose conversation, which language, which report."""
        row = Conversation.objects.open().filter(identity=self.call.identity).first()
        if row is None:
            return
        if self.call.conversation_id != row.pk or self.call.language != row.language:
            self.call.conversation, self.call.language = row, row.language
            self.call.save(update_fields=["conversation", "language"])
        self.language = row.language
        attach_turns(call=self.call)

    def _say(self, outputs: Sequence[Output], lines: Sequence[str] = ()) -> Said:
        """All that is said in one turn; the last output that asks something, asks."""
        with translation.override(self.language):
            if self._with_staff():
                return self._to_a_person()
            asking = next(
                (one for one in reversed(outputs) if one.buttons or one.expects != Expect.NOTHING),
                None,
            )
            self.menu = Menu(self._options(asking))
            self.expects = asking.expects if asking else Expect.CHOICE
            self._words = asking.words if asking else ()
            self._digits = asking.digits if asking else 0
            spoken = [one.spoken or one.text for one in outputs]
            return self._ask([*lines, *spoken, *self._choices()])

    def _options(self, asking: Output | None) -> tuple[Option, ...]:
        if asking is None:
            return (Option(_("the menu"), MENU_AGAIN), Option(_("to end the call"), BYE))
        options = tuple(Option(button.label, button.choice) for button in asking.buttons)
        if asking.expects is Expect.PLACE:
            here = districts(self.language)
            options += tuple(Option(one.name, _DISTRICT + one.code) for one in here)
        return _languages_in_reach(options)

    def _choices(self) -> list[str]:
        """How to answer by key, read after the question."""
        if self.expects is Expect.TEXT and not self.menu.options:
            return [_("Press the hash key when you have finished.")]
        if self.expects is Expect.YES_NO and not self.menu.options:
            return [_("Yes is 1, no is 2.")]
        if self.expects is Expect.DIGITS:
            return [_("Use the keys, and press the hash key at the end.")]
        if not self.menu.options:
            return []
        return [
            said_options(
                self.menu,
                one=_("For %(label)s, press %(key)s."),
                more=_("For more, press %(key)s."),
            )
        ]

    def _ask(self, lines: Sequence[str]) -> Said:
        sentences = tuple(sentence for line in lines for sentence in sentences_of(line))
        said = Said(
            sentences=sentences,
            language=self.language,
            question=self._question(),
            wanted=self.wanted(),
            asked=self.expects.value,
        )
        self.last = said
        return said

    def _question(self) -> Question:
        match self.expects:
            case Expect.TEXT | Expect.PLACE:
                return Question(keys=1, keeps_words=self.expects is Expect.TEXT, silence_s=10.0)
            case Expect.DIGITS:
                return Question(keys=self._digits or MOST_DIGITS, silence_s=10.0)
            case Expect.YES_NO:
                return Question(ahead=False)
        return Question()

    def wanted(self) -> Wanted:
        """What may be said now."""
        words = tuple(dict.fromkeys((*labels(self.menu.options), *self._words)))
        match self.expects:
            case Expect.TEXT:
                return Wanted(self.language)
            case Expect.YES_NO:
                return Wanted(self.language, Want.YES_NO, words, digits=1)
            case Expect.DIGITS:
                return Wanted(self.language, Want.DIGITS, words, self._digits or MOST_DIGITS)
            case Expect.PLACE:
                known = (*words, *street_names(self.language))
                return Wanted(self.language, Want.PLACE, known, digits=1)
        return Wanted(self.language, Want.WORDS, words, digits=1)

    # ------------------------------------------------------------ people, and goodbye

    def _with_staff(self) -> bool:
        conversation = self.call.conversation
        if conversation is None:
            return False
        conversation.refresh_from_db(fields=["state"])
        return conversation.state != Conversation.State.ASSISTANT

    def _to_a_person(self) -> Said:
        """To the desk's telephone where it has one; else a message, for whoever calls back."""
        if settings.VOICE_DESK_NUMBER:
            return replace(self._goodbye(_("I am putting you through to a person.")), transfer=True)
        self._leaves_message = True
        self.menu, self.expects, self._words, self._digits = Menu(), Expect.TEXT, (), 0
        line = _("Nobody can pick up now. Please say what it is about; we will call you back.")
        return self._ask([line, *self._choices()])

    def _goodbye(self, line: str) -> Said:
        said = Said(
            sentences=tuple(sentences_of(line)),
            language=self.language,
            question=Question(keys=0, voice=False, ends=True),
            wanted=Wanted(self.language),
        )
        self.last = said
        return said

    _words: tuple[str, ...] = ()
    _digits: int = 0


def _languages_in_reach(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Who doesn't speak the language can't follow us to a second page: theirs is the last key of
    the first."""
    if not Menu(options).is_long:
        return options
    languages = [one for one in options if one.choice.startswith(go(Go.LANGUAGE))]
    others = [one for one in options if one not in languages]
    first = PER_PAGE - len(languages)
    return (*others[:first], *languages, *others[first:])
