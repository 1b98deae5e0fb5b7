"""Filling a skill's slots: read what was said, ask for what is missing, read back, do it."""

from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils.translation import gettext as _

from apps.assistant.core.commands import Go, go, read_skill
from apps.assistant.core.messages import Button, Expect, Inbound, Kind, Output
from apps.assistant.core.said_moves import says_leave
from apps.assistant.core.slots import (
    Answer,
    AskAgain,
    Misunderstood,
    Skill,
    missing,
    slot_of,
)
from apps.assistant.core.yes_no import said_yes
from apps.assistant.services.dialogue import sayings
from apps.assistant.services.dialogue.talk import CHANGE, CONFIRM, UNREAD, Talk
from apps.assistant.services.staff_queue import ask_for_staff
from apps.base.problems import Problem

_VOLUNTEERED = (Kind.TEXT, Kind.PLACE, Kind.MEDIA)


def begin(talk: Talk, skill: Skill) -> list[Output]:
    """Open a skill; whatever the opening words say of its slots is not asked for again."""
    unread = talk.conversation.notes.get(UNREAD)
    talk.open(skill)
    heard = talk.heard
    words = unread or read_skill(heard.choice)[1]
    if words and not talk.is_text:
        heard = replace(heard, text=words, choice="", token="", digits="", place=None, media="")
    if heard.kind not in _VOLUNTEERED:
        return proceed(talk, skill)
    return proceed(talk, skill, _volunteer(talk, skill, heard))


def go_on(talk: Talk, skill: Skill) -> list[Output]:
    """One more message to an open skill."""
    if talk.conversation.asked == CONFIRM:
        return _confirmed(talk, skill)
    slot = slot_of(skill, talk.conversation.asked)
    if slot is None:
        return proceed(talk, skill, _volunteer(talk, skill, talk.heard))
    reading = slot.read(talk.heard, talk.context(), asked=True)
    if isinstance(reading, Answer):
        talk.fill(slot.name, reading.value)
        return proceed(talk, skill, _volunteer(talk, skill, talk.heard))
    said = _volunteer(talk, skill, talk.heard)
    if said.filled:  # it answered another question than the one asked
        outputs = proceed(talk, skill, said)
        return [sayings.noted(), *outputs] if talk.conversation.asked == slot.name else outputs
    if isinstance(reading, Misunderstood) and not talk.understood.strange:
        talk.conversation.misses += 1
        return _with_way_out(talk, [reading.output])
    if said:
        return proceed(talk, skill, said)
    question = slot.ask(talk.context())
    if courtesy := sayings.courtesy(talk.understood.intent):
        return [courtesy, question]
    talk.conversation.misses += 1
    lost = sayings.do_not_know if talk.understood.strange else sayings.sorry
    return _with_way_out(talk, [lost(question)])


@dataclass(slots=True)
class Said:
    """What a message said unasked: which slots it filled, and what of it can't be used as it is."""

    filled: list[str] = field(default_factory=list)
    pending: dict[str, Output] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.filled or self.pending)


def _volunteer(talk: Talk, skill: Skill, heard: Inbound, *, overwrite: bool = False) -> Said:
    """`overwrite`: what is filled may be said anew, but for free words, which anything would do
    for."""
    said = Said()
    if heard.kind not in _VOLUNTEERED and not overwrite:
        return said
    for slot in skill.slots:
        if not slot.volunteered or (slot.name in talk.conversation.slots and not overwrite):
            continue
        if overwrite and slot.free_text:
            continue
        context = talk.context(heard)
        if not slot.wanted(context):
            continue
        reading = slot.read(heard, context, asked=False)
        if isinstance(reading, Answer):
            talk.fill(slot.name, reading.value)
            said.filled.append(slot.name)
        elif isinstance(reading, Misunderstood):
            said.pending[slot.name] = reading.output
    return said


def _with_way_out(talk: Talk, outputs: list[Output]) -> list[Output]:
    """After two failures in a row a person is offered beside the question."""
    if talk.conversation.misses < 2 or not outputs:
        return outputs
    *before, last = outputs
    buttons = (*last.buttons, Button(_("Talk to a person"), go(Go.PERSON)))
    return [*before, replace(last, buttons=buttons)]


def _confirmed(talk: Talk, skill: Skill) -> list[Output]:
    said = said_yes(talk.heard, talk.context())
    if skill.undoes and says_leave(talk.heard.text):
        said = True
    corrected = _corrected(talk, skill, agreed=said is True)
    if corrected is not None:
        return corrected
    if said:
        return perform(talk, skill)
    if said is False or talk.understood.intent == "correct":
        talk.conversation.asked = CHANGE
        return [sayings.what_to_change(skill, talk.context())]
    talk.conversation.misses += 1
    *before, last = proceed(talk, skill)
    again = sayings.do_not_know(last) if talk.understood.strange else last
    return _with_way_out(talk, [*before, again])


def _corrected(talk: Talk, skill: Skill, *, agreed: bool = False) -> list[Output] | None:
    """ "No, in front of the library": the new value at once, if the words hold one. "Yes, but for
    two people" does too; what can't be used of a yes is passed over."""
    before = dict(talk.conversation.slots)
    said = _volunteer(talk, skill, talk.heard, overwrite=True)
    if agreed:
        said.pending.clear()
    if talk.conversation.slots == before and not said.pending:
        return None
    for name in said.pending:
        talk.empty(name)
    return proceed(talk, skill, said)


def correct(talk: Talk, skill: Skill) -> list[Output]:
    """Change something said: what the words name, else what the citizen picks."""
    corrected = _corrected(talk, skill)
    if corrected is not None:
        return corrected
    talk.conversation.asked = CHANGE
    return [sayings.what_to_change(skill, talk.context())]


def change(talk: Talk, skill: Skill, name: str) -> list[Output]:
    talk.empty(name)
    return proceed(talk, skill, first=name)


def proceed(talk: Talk, skill: Skill, said: Said | None = None, *, first: str = "") -> list[Output]:
    """Ask for the next slot, or read back, or do it."""
    context = talk.context()
    slot = slot_of(skill, first) if first else missing(skill, context)
    if slot is not None:
        talk.conversation.asked = slot.name
        pending = said.pending if said else {}
        return [pending.get(slot.name) or slot.ask(context)]
    try:
        back = skill.read_back(context)
    except Problem as problem:
        return _refused(talk, skill, problem)
    if back is None:
        return perform(talk, skill)
    talk.conversation.asked = CONFIRM
    return [sayings.confirm(back)]


def perform(talk: Talk, skill: Skill) -> list[Output]:
    """Carry it out. What the services refuse is said; what they refuse a slot for is asked anew."""
    context = talk.context()
    try:
        with transaction.atomic():
            outputs = list(skill.perform(context))
    except AskAgain as again:
        talk.empty(again.slot)
        talk.conversation.asked = again.slot
        return [again.output]
    except Problem as problem:
        return _refused(talk, skill, problem)
    if context.wants_person:
        ask_for_staff(conversation=talk.conversation, reason=context.wants_person)
    talk.close()
    return [*outputs, *go_back(talk)]


def _refused(talk: Talk, skill: Skill, problem: Problem) -> list[Output]:
    said = Output(text=_sentence(problem))
    at_fault = next((name for name in problem.errors if slot_of(skill, name)), "")
    if at_fault:
        return [said, *change(talk, skill, at_fault)]
    if problem.status >= 500:
        talk.conversation.asked = CONFIRM
        buttons = (Button(_("Try again"), go(Go.YES)), Button(_("Leave it"), go(Go.START_OVER)))
        return [replace(said, buttons=buttons, expects=Expect.YES_NO)]
    talk.close()
    return [said, *go_back(talk)]


def _sentence(problem: Problem) -> str:
    return " ".join(str(text) for text in problem.errors.values()) or str(
        problem.detail or problem.title
    )


def go_back(talk: Talk) -> list[Output]:
    """To what was left for this, with its question."""
    skill = talk.resume()
    if skill is None:
        return []
    return [sayings.going_on(skill, talk.context()), *proceed(talk, skill)]
