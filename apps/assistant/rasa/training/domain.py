"""Rasa's domain and rules, made from the skills: a form for each that asks for something.

A slot of ours is a slot of Rasa's named SKILL_SLOT that only says whether it is filled: the values
stay with us. `validate_SKILL_form` is our view, which reads the message, and answers it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from apps.assistant.core.commands import MOVES
from apps.assistant.core.intents import UNSURE
from apps.assistant.core.slots import Skill

ANSWER = "action_answer"
# Rasa answers this intent by an action of its own, which would undo a turn; ours stands in for it.
BACK_INTENT, BACK_ACTION = "back", "action_back"
CONFIRMED = "confirmed"
SAYINGS = ("greet", "goodbye", "thank")  # answered by Rasa's responses, which our NLG view says
VERSION = "3.1"

Json = dict[str, Any]


def form_of(skill: str) -> str:
    return f"{skill}_form"


def skill_of(form: str) -> str:
    return form.removeprefix("validate_").removesuffix("_form")


def rasa_slot(skill: str, slot: str) -> str:
    return f"{skill}_{slot}"


def slots_of(skill: Skill) -> list[str]:
    """Rasa's names of a form's slots; the last is the yes to what was read back."""
    return [rasa_slot(skill.name, slot.name) for slot in skill.slots] + [
        rasa_slot(skill.name, CONFIRMED)
    ]


def domain_of(skills: Iterable[Skill], intents: Iterable[str], entities: Iterable[str]) -> Json:
    """What Rasa must know of: the examples' intents and entities, the skills' forms and slots."""
    asking = [skill for skill in skills if skill.slots]
    slots = [name for skill in asking for name in slots_of(skill)]
    return {
        "version": VERSION,
        "intents": [{name: {"use_entities": []}} for name in sorted(set(intents))],
        "entities": sorted(set(entities)),
        "slots": {name: _slot() for name in slots},
        "forms": {form_of(skill.name): {"required_slots": slots_of(skill)} for skill in asking},
        "actions": [ANSWER, BACK_ACTION, *(f"validate_{form_of(skill.name)}" for skill in asking)],
        "responses": {f"utter_{name}": [{"text": name}] for name in SAYINGS},
        # Sessions are ours: renewed by age and turns, and none outlives its conversation.
        "session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": False},
    }


def _slot() -> Json:
    return {
        "type": "any",
        "influence_conversation": False,
        "mappings": [{"type": "custom"}],
    }


def rules_of(skills: Iterable[Skill], intents: Iterable[str]) -> Json:
    """One rule for every intent: open its skill's form, say a saying, or ask our view."""
    opened = {
        intent: form_of(skill.name)
        for skill in skills if skill.slots
        for intent in skill.intents
    }  # fmt: skip
    ruled = {*intents, UNSURE} - {BACK_INTENT}
    rules = [_rule_for(intent, opened) for intent in sorted(ruled)]
    return {"version": VERSION, "rules": [*rules, *_endings(set(opened.values()))]}


def _rule_for(intent: str, opened: Mapping[str, str]) -> Json:
    if intent in opened and intent not in MOVES:
        form = opened[intent]
        steps = [{"intent": intent}, {"action": form}, {"active_loop": form}]
    elif intent in SAYINGS:
        steps = [{"intent": intent}, {"action": f"utter_{intent}"}]
    else:
        steps = [{"intent": intent}, {"action": ANSWER}]
    return {"rule": f"on {intent}", "steps": steps}


def _endings(forms: set[str]) -> list[Json]:
    return [
        {
            "rule": f"the end of {form}",
            "condition": [{"active_loop": form}],
            "steps": [
                {"action": form},
                {"active_loop": None},
                {"slot_was_set": [{"requested_slot": None}]},
            ],
        }
        for form in sorted(forms)
    ]
