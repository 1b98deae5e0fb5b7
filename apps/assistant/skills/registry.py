"""The skills by name. Apps' abilities come into conversations by one line in `apps.py`."""

from apps.assistant.core.slots import Skill
from apps.base.registry import Registry

# name → path of the Skill's one object
skills: Registry[Skill] = Registry("skill")


def skill_for(intent: str) -> Skill | None:
    """The skill that an intent opens."""
    return next((skill for _name, skill in skills.items() if intent in skill.intents), None)


def in_menu() -> list[Skill]:
    found = [skill for _name, skill in skills.items() if skill.menu_rank]
    return sorted(found, key=lambda skill: (skill.menu_rank, skill.name))
