"""What a service must have answered about a report."""

from typing import Any, ClassVar

from apps.assistant.core.messages import Button, Expect, Inbound, Kind, Output
from apps.assistant.core.slots import Answer, Context, Misunderstood, Reading, Slot
from apps.assistant.skills import answers
from apps.base import names
from apps.base.problems import Invalid
from apps.complaints.models import ServiceAttribute
from apps.complaints.services.answers import check_answers


class Attribute(Slot):
    """One question that the chosen service must have answered."""

    volunteered: ClassVar[bool] = False

    def __init__(self, at: int) -> None:
        self.at = at
        self.name = f"answer_{at}"  # type: ignore[misc]  # one slot per question, numbered

    def question(self, context: Context) -> ServiceAttribute | None:
        questions = _questions(context)
        return questions[self.at] if self.at < len(questions) else None

    def label(self, context: Context) -> str:
        asked = self.question(context)
        return names.pick(asked.names, context.language) if asked else ""

    def wanted(self, context: Context) -> bool:
        return self.question(context) is not None

    def ask(self, context: Context) -> Output:
        asked = self.question(context)
        assert asked is not None, "only what is wanted is asked for"
        labels = _choices(asked, context.language)
        buttons = tuple(Button(label, f"answer:{key}") for key, label in labels)
        hint = names.pick(asked.hints, context.language)
        text = names.pick(asked.names, context.language)
        return Output(
            text=f"{text} ({hint})" if hint else text,
            buttons=buttons,
            expects=Expect.CHOICE if buttons else Expect.TEXT,
            words=tuple(label for _key, label in labels),
            digits=1 if buttons else 0,
        )

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        attribute = self.question(context)
        if not asked or attribute is None:
            return None
        given = _answer_in(heard, attribute, context.language)
        if given is None:
            return None
        try:
            _check(attribute, given)
        except Invalid as problem:
            text = " ".join(str(one) for one in problem.errors.values())
            return Misunderstood(Output(text=text, expects=Expect.TEXT))
        return Answer({"code": attribute.code, "value": given})


def _questions(context: Context) -> list[ServiceAttribute]:
    """All that the chosen service must have answered, in its order."""
    code = context.slots.get("service")
    if code and code not in context.looked_up:
        context.looked_up[code] = list(
            ServiceAttribute.objects.filter(
                service__service_code=code, is_variable=True, is_required=True
            )
        )
    return context.looked_up[code] if code else []


def _choices(attribute: ServiceAttribute, language: str) -> list[tuple[str, str]]:
    return [
        (str(one["key"]), names.pick(one.get("names") or {}, language) or str(one["key"]))
        for one in attribute.values
    ]


def _answer_in(heard: Inbound, attribute: ServiceAttribute, language: str) -> Any:
    choices = _choices(attribute, language)
    if heard.kind is Kind.CHOICE:
        return heard.choice.removeprefix("answer:")
    if heard.kind is Kind.DIGITS and choices:
        at = int(heard.digits[:2]) - 1
        return choices[at][0] if 0 <= at < len(choices) else None
    if heard.kind is not Kind.TEXT:
        return None
    if not choices:
        return heard.text
    chosen = answers.one_of(heard.text, [label for _key, label in choices])
    return None if chosen is None else choices[chosen][0]


def _check(attribute: ServiceAttribute, given: Any) -> None:
    """Raises Invalid for what the service does not take, whatever else is still missing."""
    try:
        check_answers(attribute.service, {attribute.code: given})
    except Invalid as problem:
        field = f"attribute[{attribute.code}]"
        if field in problem.errors:
            raise Invalid(errors={field: problem.errors[field]}) from problem


def answered(context: Context) -> dict[str, Any]:
    """The answers as the service takes them."""
    given = [value for name, value in context.slots.items() if name.startswith("answer_")]
    return {one["code"]: one["value"] for one in given}
