"""The order in which a message is looked at. The first that has something to say, says it."""

from collections.abc import Callable

from django.conf import settings
from django.utils import translation

from apps.assistant.core.commands import Go, read_skill
from apps.assistant.core.emergencies import emergency_in
from apps.assistant.core.languages import language_after, wished_language
from apps.assistant.core.messages import Kind, Output
from apps.assistant.core.opening import as_opening
from apps.assistant.core.slots import Answer, Skill, Slot, slot_of
from apps.assistant.core.whereabouts import says_only_where
from apps.assistant.events import not_understood, on_commit
from apps.assistant.services.dialogue import filling, moving, sayings
from apps.assistant.services.dialogue.talk import CHANGE, UNREAD, Talk
from apps.assistant.skills.registry import skill_for, skills

Step = Callable[[Talk], list[Output] | None]
NO_ENGINE = "none"  # the intent where nothing could read the words
SURE_DIGRESSION, SURE_SWITCH = 0.8, 0.9
BARE_WORDS = 3
SILENCES = 3


def answer(talk: Talk) -> list[Output]:
    """What to say. Changes `talk.conversation`, which the caller saves.

    Danger comes first and stops nothing: who reports a fire is told whom to call, and then heard.
    """
    row = talk.conversation
    if talk.is_text:
        language = language_after(row.language, talk.heard.text, dict(settings.LANGUAGES))
        if language != row.language:
            talk.speak(language)
    if talk.heard.place is not None:
        row.last_place = talk.heard.place.as_json()
    with translation.override(row.language):
        outputs = [*warn(talk), *_first_answer(talk)]
    return sayings.with_spoken(outputs)


def _first_answer(talk: Talk) -> list[Output]:
    for step in _STEPS:
        outputs = step(talk)
        if outputs is not None:
            return outputs
    return _lost(talk)


def warn(talk: Talk) -> list[Output]:
    """Whom to call, where the words speak of danger; before anything else, whoever answers."""
    danger = emergency_in(talk.heard.text) if talk.is_text else None
    if danger is None:
        return []
    with translation.override(talk.conversation.language):
        return [sayings.emergency(danger)]


def _silence(talk: Talk) -> list[Output] | None:
    """Ask once more, then whether anybody is there, then let them go."""
    if talk.heard.kind is not Kind.SILENCE:
        return None
    talk.conversation.misses += 1
    if talk.conversation.misses >= SILENCES:
        return [sayings.goodbye()]
    return [sayings.still_there(), *moving.ask_again(talk)]


def _wished_language(talk: Talk) -> list[Output] | None:
    if not talk.is_text:
        return None
    wish = wished_language(talk.heard.text, dict(settings.LANGUAGES))
    return moving.speak(talk, wish) if wish else None


def _abuse(talk: Talk) -> list[Output] | None:
    if talk.understood.intent != "abuse" or not talk.is_text:
        return None
    slot = slot_of(talk.skill, talk.conversation.asked) if talk.skill else None
    if slot is not None and slot.free_text:  # an angry report is a report
        return None
    return [sayings.calm()]


def _move(talk: Talk) -> list[Output] | None:
    wanted = moving.wanted_move(talk)
    if wanted is None:
        return None
    if wanted[0] is Go.CHANGE and talk.skill is None and skill_for("correct"):
        return None  # what was filed before: a skill's matter
    return moving.move(talk, *wanted)


def _pick_change(talk: Talk) -> list[Output] | None:
    """The name of what to change, said instead of pressed."""
    skill = talk.skill
    if skill is None or talk.conversation.asked != CHANGE or not talk.is_text:
        return None
    context = talk.context()
    said = talk.heard.text.lower()
    labels = {one.label(context).lower(): one for one in skill.slots if one.name in context.slots}
    named = next((one for label, one in labels.items() if label and label in said), None)
    if named is not None:
        return filling.change(talk, skill, named.name)
    return None if moving.wanted_move(talk) else filling.correct(talk, skill)


def _open(talk: Talk) -> list[Output] | None:
    wanted = _wanted_skill(talk)
    if wanted is None:
        return None
    if talk.skill is not None:
        talk.pause()
    return filling.begin(talk, wanted)


def _wanted_skill(talk: Talk) -> Skill | None:
    """A skill by its button always; by words if no open question takes the words for itself."""
    name, _words = read_skill(talk.heard.choice)
    if name:
        return skills.load(name) if name in skills else None
    if not talk.is_text:
        return None
    if talk.skill is None and not says_only_where(talk.heard.text, talk.understood.entities):
        talk.understood = as_opening(talk.understood, lambda intent: skill_for(intent) is not None)
    skill = skill_for(talk.understood.intent)
    return skill if skill is None or talk.skill is None or _interrupts(talk, skill) else None


def _interrupts(talk: Talk, skill: Skill) -> bool:
    """Whether the words mean another skill rather than an answer to the open question. What is
    over at once may interrupt sooner than what leads elsewhere."""
    assert talk.skill is not None
    slot = slot_of(talk.skill, talk.conversation.asked)
    sure = SURE_DIGRESSION if skill.digresses else SURE_SWITCH
    if skill.name == talk.skill.name or talk.understood.confidence < sure:
        return False
    return slot is None or not (slot.free_text or _is_bare_answer(talk, slot))


def _is_bare_answer(talk: Talk, slot: Slot) -> bool:
    """A few words that answer what was asked: a park's name is no wish to park."""
    text = talk.heard.text
    if len(text.split()) > BARE_WORDS or text.rstrip().endswith("?"):
        return False
    return isinstance(slot.read(talk.heard, talk.context(), asked=True), Answer)


def _go_on(talk: Talk) -> list[Output] | None:
    skill = talk.skill
    if skill is None:
        if talk.conversation.skill:  # it was taken out of the registry
            talk.close()
        return None
    if not talk.conversation.asked:
        return filling.proceed(talk, skill)
    return filling.go_on(talk, skill)


def _small_talk(talk: Talk) -> list[Output] | None:
    match talk.understood.intent:
        case "greet":
            return [sayings.welcome(talk.context())]
        case "goodbye":
            return [sayings.goodbye()]
        case "thank" | "affirm" | "deny":
            return [sayings.you_are_welcome()]
    return None


_STEPS: tuple[Step, ...] = (
    _silence, _wished_language, _abuse, _pick_change, _move, moving.leave, _open, _go_on,
    _small_talk,
)  # fmt: skip


def _lost(talk: Talk) -> list[Output]:
    """Nothing fits. What could not be read, or not surely, is kept for whatever is chosen."""
    row = talk.conversation
    if talk.understood.intent == NO_ENGINE and talk.is_text:
        row.notes = {UNREAD: talk.heard.text}
        return [sayings.by_menus_only(talk.context())]
    if not talk.is_text:
        return [sayings.welcome(talk.context())]
    if emergency_in(talk.heard.text):
        return [sayings.after_danger()]
    row.misses += 1
    on_commit(
        not_understood,
        conversation=str(row.code),
        text=talk.heard.text,
        language=row.language,
    )
    if row.misses >= 2:
        return [sayings.offer_person()]
    guessed = _guessed(talk)
    if guessed:
        row.notes = {UNREAD: talk.heard.text}
        return [sayings.which_of(guessed, talk.context())]
    return [sayings.not_understood(talk.context())]


def _guessed(talk: Talk) -> list[Skill]:
    """The skills that the words may have been meant for."""
    found = (skill_for(intent) for intent in talk.understood.guesses)
    return list(dict.fromkeys(skill for skill in found if skill is not None))
