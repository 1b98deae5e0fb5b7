"""A call's words: what the conversation says becomes sentences, a menu of keys and what may be
said; what the caller says or presses becomes a message of the conversation.

Runs in threads (it asks the database); one object a call, asked one thing at a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from apps.assistant.core.commands import Go, go
from apps.assistant.core.messages import Expect, Inbound, Output
from apps.assistant.core.recordings import recording_note
from apps.assistant.models import Call, Conversation
from apps.assistant.services.conversing import converse
from apps.assistant.speech.core.grammar import ALWAYS
from apps.assistant.speech.core.listening import Wanted
from apps.assistant.speech.core.prompts import sentences_of
from apps.assistant.voice import checks
from apps.assistant.voice.asked import Asked
from apps.assistant.voice.core.menu import PER_PAGE, Menu, Option
from apps.assistant.voice.core.turns import Question
from apps.assistant.voice.places import (
    OTHER_DISTRICT,
    districts_offered,
    place_chosen,
    within_offered,
)
from apps.assistant.voice.records import CHANNEL, attach_turns
from apps.base import clock
from apps.base.names import pick
from apps.city.models import City

BYE, MENU_AGAIN = "voice:bye", go(Go.MENU)
PERSON_KEY = "0"
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
    tongues: Mapping[str, str] = field(default_factory=dict)  # of sentences in another language

    def tongue(self, sentence: str) -> str:
        return self.tongues.get(sentence, self.language)


class Dialogue:
    def __init__(self, call: Call) -> None:
        self.call = call
        self.language = call.language
        self.asked = Asked()
        self.last: Said | None = None
        self._numbers = count(1)
        self._leaves_message = False
        self._wish, self._code = "", ""  # what waits for a check, and the code that was sent

    # ------------------------------------------------------------ between two requests

    def put_down(self) -> dict[str, Any]:
        """What must be known when the answer comes."""
        return {
            **self.asked.put_down(),
            "message": self._leaves_message,
            "check": [self._wish, self._code],
            "next": next(self._numbers),
        }

    def take_up(self, waiting: Mapping[str, Any]) -> None:
        self.asked = Asked.taken_up(waiting)
        self._leaves_message, self._numbers = waiting["message"], count(waiting["next"])
        self._wish, self._code = waiting["check"]

    # ------------------------------------------------------------ turns

    def begin(self) -> Said:
        """The menu after the greeting, or the question at which an earlier call broke off."""
        if self._was_interrupted():
            outputs = self._send(choice=go(Go.REPEAT))
            with translation.override(self.language):
                line = _("Let us go on where we stopped. Press star to go back.")
                return self._say(outputs, [line])
        said = self._main_menu()
        with translation.override(self.language):
            keys = _("At any time: star goes back, zero is a person, and hash says it again.")
            return self._ask([*said.sentences, keys])

    def _main_menu(self, *lines: str) -> Said:
        """Its keys alone: what can be done, a caller hears from them."""
        outputs = self._send(choice=MENU_AGAIN)
        return self._say([replace(one, spoken="", text="") for one in outputs], lines)

    def greeting(self) -> str:
        """Said at once, before anything is asked of anybody: who we are, and that speech is
        recorded. Nothing is listened to until it has been said."""
        return greeting_in(self.language)

    def answer_keys(self, digits: str) -> Said:
        with translation.override(self.language):
            return self._keys(digits)

    def answer_words(self, text: str) -> Said:
        with translation.override(self.language):
            if self._leaves_message:
                return self._message_left(text)
            move = _MOVES.get(text)
            option = self.asked.menu.option_called(text)
            if option is not None or move is not None:
                return self._choose(option.choice if option else str(move))
            if text in ("yes", "no") and self.asked.expects is Expect.YES_NO:
                return self._say(self._send(choice=go(Go.YES if text == "yes" else Go.NO)))
            if (text.isascii() and text.isdigit()) or self._wish:
                return self._keys(text)
            lines = [_("I understood: %(words)s.") % {"words": text}]
            return self._say(self._send(text=text), lines)

    def answer_recording(self, turn: int) -> Said:
        """Nobody here could write it down: the recording is the answer, and it is said so."""
        with translation.override(self.language):
            text = recording_note(f"{str(self.call.code)[:8]}/{turn}")
            if self._leaves_message:
                return self._message_left(text)
            line = _("I have recorded what you said. A person will listen to it.")
            return self._say(self._send(text=text), [line])

    def answer_silence(self) -> Said:
        with translation.override(self.language):
            if self._leaves_message:
                return self._goodbye(_("I hear nothing. Goodbye."))
            return self._ask([_("Are you still there?"), *self._put_again()])

    def ask_again(self, *, keys_only: bool) -> Said:
        """Something was said, but nothing that fits the question."""
        with translation.override(self.language):
            line = _("I did not understand that.")
            if keys_only:
                line = _("I still do not understand. Please use the keys.")
            return self._ask([line, *self._put_again()])

    def _put_again(self) -> list[str]:
        """The question that is open, and how to answer it."""
        return [self.asked.text, *self.asked.choices()]

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
        """`*` goes back and `0` to a person, in every question."""
        if self._wish and digits not in ("*", PERSON_KEY):
            return self._checked(digits)
        asked, self._wish = self.asked, ""
        if digits == "*" and self._leaves_message:
            self._leaves_message = False
            return self._main_menu()
        if digits == "*":
            return self._say(self._send(choice=go(Go.BACK)))
        if digits == PERSON_KEY:
            return self._say(self._send(choice=go(Go.PERSON)))
        if asked.menu.turn_key and digits == asked.menu.turn_key:
            self.asked = asked.turned()
            return self._ask(self.asked.choices())
        option = asked.menu.option_at(digits)
        if option is not None:
            return self._choose(option.choice)
        if asked.takes_number or asked.expects is Expect.YES_NO:
            return self._say(self._send(digits=digits))
        return self._ask([_("There is nothing on that key."), *asked.choices()])

    def _choose(self, choice: str) -> Said:
        if choice == BYE:
            return self._goodbye(_("Goodbye."))
        if choice == MENU_AGAIN:
            return self._main_menu()
        if choice == OTHER_DISTRICT:
            return self._say(self._send(choice=go(Go.REPEAT)))
        if checks.needs_check(self.call, choice):
            return self._check(choice)
        within = within_offered(choice, self.language)
        if within:
            self.asked = replace(self.asked, menu=Menu(within))
            return self._ask([_("Where there?"), *self.asked.choices()])
        place = place_chosen(choice, self.language, self.call.conversation)
        return self._say(self._send(place=place) if place else self._send(choice=choice))

    def _check(self, wish: str) -> Said:
        """Send a code to the number; what was wished for goes on once it is keyed in."""
        code = checks.send_code(self.call)
        if not code:
            line = _("I can't check now that this is your telephone. A person can help you.")
            return self._main_menu(line)
        self._wish, self._code = wish, code
        self.asked = Asked(expects=Expect.DIGITS, digits=checks.DIGITS)
        line = _("To protect your data we have sent %(n)d digits to this number by text message.")
        return self._ask([line % {"n": checks.DIGITS}, *self.asked.choices()])

    def _checked(self, digits: str) -> Said:
        proven = checks.is_proven(self.call, self._code, digits)
        if proven is False:
            return self._ask([_("Those are not the digits."), *self.asked.choices()])
        wish, self._wish = self._wish, ""
        if proven:
            return self._choose(wish)
        return self._main_menu(_("This code is no longer valid."))

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
            self.asked = Asked(
                Menu(self._options(asking)),
                asking.expects if asking else Expect.CHOICE,
                asking.words if asking else (),
                asking.digits if asking else 0,
                _question_in(asking),
            )
            spoken = [one.spoken or one.text for one in outputs]
            return self._ask([*lines, *spoken, *self.asked.choices()])

    def _options(self, asking: Output | None) -> tuple[Option, ...]:
        """What the question offers; after something is done, always a way on."""
        options = tuple(Option(one.label, one.choice) for one in asking.buttons) if asking else ()
        if asking is None or asking.expects is Expect.NOTHING:
            return (
                *options, Option(_("the menu"), MENU_AGAIN), Option(_("to end the call"), BYE),
            )  # fmt: skip
        if asking.expects is Expect.PLACE:
            options += districts_offered(self.language, self.call.conversation)
        return _languages_in_reach(options)

    def _ask(self, lines: Sequence[str]) -> Said:
        sentences = tuple(sentence for line in lines for sentence in sentences_of(line))
        said = Said(
            sentences=sentences,
            language=self.language,
            question=self.asked.question(),
            wanted=self.wanted(),
            asked=self.asked.expects.value,
            tongues=self.asked.tongues(),
        )
        self.last = said
        return said

    def wanted(self) -> Wanted:
        return self.asked.wanted(self.language)

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
        self.asked = Asked(expects=Expect.TEXT)
        line = _("Nobody can pick up now. Please say what it is about; we will call you back.")
        if not self.call.caller:
            line = _("Nobody can pick up now. Please say what it is about, and your number.")
        return self._ask([line, *self.asked.choices(), _("Star goes back to the menu.")])

    def _message_left(self, text: str) -> Said:
        self._send(text=text)
        return self._goodbye(_("Thank you. A person will listen and call you back."))

    def _goodbye(self, line: str) -> Said:
        said = Said(
            sentences=tuple(sentences_of(line)),
            language=self.language,
            question=Question(keys=0, voice=False, ends=True),
            wanted=Wanted(self.language),
        )
        self.last = said
        return said


def greeting_in(language: str) -> str:
    city = City.objects.first()
    with translation.override(language):
        return _(
            "%(city)s. What you say is recorded and kept for %(days)d days; "
            "if you don't want that, use the keys only."
        ) % {
            "city": pick(city.names, language) if city else "",
            "days": settings.VOICE_RECORDINGS_KEPT_DAYS,
        }


def _question_in(asking: Output | None) -> str:
    """What is asked; nothing where something was told and there are but keys to go on with."""
    if asking is None or asking.expects in (Expect.NOTHING, Expect.CHOICE):
        return ""
    return asking.spoken or asking.text


def _languages_in_reach(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Who doesn't speak the language can't follow us to a second page: theirs is the last key of
    the first."""
    if not Menu(options).is_long:
        return options
    languages = [one for one in options if one.choice.startswith(go(Go.LANGUAGE))]
    others = [one for one in options if one not in languages]
    first = PER_PAGE - len(languages)
    return (*others[:first], *languages, *others[first:])
