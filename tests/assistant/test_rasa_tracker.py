"""What our actions tell Rasa back, without a Rasa."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.assistant.models import Conversation
from apps.assistant.rasa.tracker import LISTEN, events_for
from apps.assistant.skills.registry import skills
from tests.support.registries import only, registered

FORM = "validate_umbrella_form"


@pytest.fixture(autouse=True)
def umbrella_is_known() -> Iterator[None]:
    with only(skills), registered(skills, "umbrella", "tests.assistant.umbrella.umbrella"):
        yield


def talk(asked: str = "", **slots: str) -> Conversation:
    return Conversation(skill="umbrella" if asked else "", slots=slots, asked=asked)


def told(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in events if one["event"] == "slot"}


def test_only_what_rasa_holds_otherwise_is_told() -> None:
    held = {"umbrella_place": True, "umbrella_story": True}
    events = events_for(talk("story", place="the park", colour="red"), FORM, held)
    assert told(events) == {
        "umbrella_colour": True, "umbrella_story": None, "umbrella_confirmed": None,
        "requested_slot": "umbrella_story",
    }  # fmt: skip
    assert events[-1] == LISTEN


def test_a_form_that_changes_nothing_still_sets_a_slot_or_rasa_would_reject_it() -> None:
    held = {"umbrella_place": True}
    events = events_for(talk("colour", place="the park"), FORM, held)
    assert told(events) == {"umbrella_confirmed": None, "requested_slot": "umbrella_colour"}


def test_a_form_that_is_over_leaves_nothing_filled() -> None:
    held = {"umbrella_place": True, "umbrella_colour": True}
    events = events_for(talk(), FORM, held)
    assert told(events) == {
        "umbrella_place": None, "umbrella_colour": None, "umbrella_confirmed": None,
        "requested_slot": None,
    }  # fmt: skip
    assert {"event": "active_loop", "name": None, "timestamp": None} in events


def test_what_was_opened_elsewhere_comes_to_rasa_whole() -> None:
    events = events_for(talk("colour", place="the park"), "action_answer", {})
    assert [one["name"] for one in events if one["event"] == "active_loop"] == ["umbrella_form"]
    assert told(events)["umbrella_place"] is True
    assert events[-1] == LISTEN
