"""What can be said at any time: back, start again, a person, the language, the menu."""

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.utils import translation

from apps.assistant.core.commands import MOVES, Go, read_go
from apps.assistant.core.messages import Expect, Output
from apps.assistant.core.said_moves import said_move, says_leave
from apps.assistant.core.slots import slot_of
from apps.assistant.services.dialogue import filling, sayings
from apps.assistant.services.dialogue.talk import CHANGE, CONFIRM, Talk
from apps.assistant.services.staff_queue import ask_for_staff

SURE_MOVE = 0.6


def wanted_move(talk: Talk) -> tuple[Go, str] | None:
    """The move that a button or the words ask for. Yes and no are answers, not moves."""
    said = said_move(talk.heard.text) if talk.is_text else None
    if talk.heard.choice:
        move = read_go(talk.heard.choice)
    elif said:
        move = (said, "")
    elif talk.is_text and not _in_free_text(talk) and talk.understood.confidence >= SURE_MOVE:
        where = MOVES.get(talk.understood.intent)
        move = (where, "") if where else None
    else:
        move = None
    return None if move and move[0] in (Go.YES, Go.NO) else move


def _in_free_text(talk: Talk) -> bool:
    """Whether the question open just now takes any words for its answer; a short "back" is none."""
    slot = slot_of(talk.skill, talk.conversation.asked) if talk.skill else None
    return bool(slot and slot.free_text and len(talk.heard.text) > 12)


def move(talk: Talk, where: Go, what: str) -> list[Output]:
    return _MOVES[where](talk, what)


def go_menu(talk: Talk, _what: str) -> list[Output]:
    return [sayings.help_(talk.context())]


def go_back(talk: Talk, _what: str) -> list[Output]:
    """One question back; from the first question out of the skill."""
    skill = talk.skill
    if skill is None:
        return [sayings.welcome(talk.context())]
    last = talk.last_filled()
    if last:
        return filling.change(talk, skill, last)
    talk.close()
    return filling.go_back(talk) or [sayings.started_again(talk.context())]


def start_over(talk: Talk, _what: str) -> list[Output]:
    talk.close()
    talk.conversation.paused = []
    return [sayings.started_again(talk.context())]


def leave(talk: Talk) -> list[Output] | None:
    """ "Never mind": what is open is left undone, and what waits behind it goes on."""
    skill = talk.skill
    if skill is None or skill.undoes or not (talk.is_text and says_leave(talk.heard.text)):
        return None
    talk.close()
    left = sayings.left(skill, talk.context())
    return (
        [left, *filling.go_back(talk)]
        if talk.conversation.paused
        else [replace(left, buttons=sayings.menu_buttons(talk.context()), expects=Expect.CHOICE)]
    )


def repeat(talk: Talk, _what: str) -> list[Output]:
    """What we said last, once more."""
    said = (
        talk.conversation.turns.filter(side="assistant", output__isnull=False)
        .order_by("-number")
        .first()
    )
    if said is None or said.output is None:
        return [sayings.welcome(talk.context())]
    return [Output.from_json(said.output)]


def call_person(talk: Talk, what: str) -> list[Output]:
    ask_for_staff(conversation=talk.conversation, reason=what or "asked")
    return [sayings.person_is_called()]


def change_language(talk: Talk, what: str) -> list[Output]:
    if what not in dict(settings.LANGUAGES):
        return [sayings.choose_language(talk.context())]
    return speak(talk, what)


def speak(talk: Talk, language: str) -> list[Output]:
    """Go on in another language, with the question that was open."""
    talk.speak(language)
    with translation.override(language):
        return [sayings.language_changed(), *ask_again(talk)]


def ask_again(talk: Talk) -> list[Output]:
    skill = talk.skill
    if skill is None:
        return [sayings.welcome(talk.context())]
    if talk.conversation.asked == CHANGE:
        return [sayings.what_to_change(skill, talk.context())]
    back = skill.read_back(talk.context()) if talk.conversation.asked == CONFIRM else None
    if back is not None:
        return [sayings.confirm(back)]
    slot = slot_of(skill, talk.conversation.asked)
    return [slot.ask(talk.context())] if slot else filling.proceed(talk, skill)


def correct(talk: Talk, what: str) -> list[Output]:
    """Change something just said. With nothing open a skill may take what was filed before."""
    skill = talk.skill
    if skill is None:
        return [sayings.welcome(talk.context())]
    return filling.change(talk, skill, what) if what else filling.correct(talk, skill)


_MOVES: dict[Go, Callable[[Talk, str], list[Output]]] = {
    Go.MENU: go_menu,
    Go.BACK: go_back,
    Go.START_OVER: start_over,
    Go.REPEAT: repeat,
    Go.PERSON: call_person,
    Go.LANGUAGE: change_language,
    Go.CHANGE: correct,
}
