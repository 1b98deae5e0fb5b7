"""A skill for tests: find a lost umbrella. It shows how a skill is written."""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.assistant.core.messages import Abilities, Button, Expect, Inbound, Kind, Output
from apps.assistant.core.slots import Answer, AskAgain, Context, Misunderstood, Reading, Skill, Slot
from apps.base.problems import Conflict, Unavailable

COLOURS = ("red", "blue")
performed: list[tuple[str, dict[str, object]]] = []
failing: list[Exception] = []


class Where(Slot):
    name = "place"

    def label(self, context: Context) -> str:
        return "the place"

    def ask(self, context: Context) -> Output:
        return Output(text="Where?", ask_location=True, expects=Expect.PLACE)

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if heard.place is not None:
            return Answer(heard.place.label)
        said = context.entity("place") or (heard.text if asked else "")
        if not said and " at " in heard.text:
            said = heard.text.split(" at ")[1]
        if said == "nowhere":
            return Misunderstood(Output(text="There is no such place.", expects=Expect.PLACE))
        return Answer(said) if said else None


class Colour(Slot):
    name = "colour"

    def label(self, context: Context) -> str:
        return "the colour"

    def ask(self, context: Context) -> Output:
        buttons = tuple(Button(colour, colour) for colour in COLOURS)
        return Output(text="Which colour?", buttons=buttons, expects=Expect.CHOICE, words=COLOURS)

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        if heard.kind is Kind.DIGITS and asked:
            number = int(heard.digits) - 1
            return Answer(COLOURS[number]) if 0 <= number < len(COLOURS) else None
        said = heard.choice or heard.text
        found = next((colour for colour in COLOURS if colour in said), "")
        return Answer(found) if found else None


class Story(Slot):
    name = "story"
    volunteered = False
    free_text = True

    def label(self, context: Context) -> str:
        return "the story"

    def ask(self, context: Context) -> Output:
        return Output(text="What happened?", expects=Expect.TEXT)

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        return Answer(heard.text) if heard.text else None


class Umbrella(Skill):
    name = "umbrella"
    intents = ("lost_umbrella",)
    slots = (Where(), Colour(), Story())
    menu_rank = 1

    def title(self, context: Context) -> str:
        return "a lost umbrella"

    def read_back(self, context: Context) -> Output | None:
        said = context.slots
        return Output(text=f"A {said['colour']} umbrella, lost at {said['place']}. Right?")

    def perform(self, context: Context) -> Sequence[Output]:
        if failing:
            raise failing.pop()
        performed.append((context.command_key, dict(context.slots)))
        return [Output(text=f"Noted under U-{len(performed)}.")]


class Weather(Skill):
    """Over at once: for digressions."""

    name = "weather"
    intents = ("ask_weather",)
    menu_rank = 2

    def title(self, context: Context) -> str:
        return "the weather"

    def perform(self, context: Context) -> Sequence[Output]:
        return [Output(text="It is raining.")]


class TestChannel:
    kind: ClassVar[str] = "test"
    abilities: ClassVar[Abilities] = Abilities()
    __test__ = False


umbrella, weather, channel = Umbrella(), Weather(), TestChannel()
__all__ = ["AskAgain", "Conflict", "Unavailable", "_", "channel", "umbrella", "weather"]
