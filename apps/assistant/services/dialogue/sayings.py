"""The assistant's own sentences: everything that belongs to no skill."""

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext as _

from apps.assistant.core.commands import Go, go, open_skill
from apps.assistant.core.emergencies import Emergency
from apps.assistant.core.messages import Button, Expect, Output
from apps.assistant.core.slots import Context, Skill
from apps.assistant.skills.registry import in_menu

LANGUAGE_NAMES = {
    "ko": "한국어", "en": "English", "ms": "Bahasa Melayu", "vi": "Tiếng Việt", "th": "ไทย",
    "tl": "Tagalog", "it": "Italiano", "es": "Español",
}  # fmt: skip


def menu_buttons(context: Context) -> tuple[Button, ...]:
    found = [Button(skill.title(context), open_skill(skill.name)) for skill in in_menu()]
    others = [code for code, _name in settings.LANGUAGES if code != context.language]
    return (
        *found,
        Button(_("Talk to a person"), go(Go.PERSON)),
        *(Button(LANGUAGE_NAMES.get(code, code), go(Go.LANGUAGE, code)) for code in others),
    )


def menu(context: Context, text: str) -> Output:
    return Output(text=text, buttons=menu_buttons(context), expects=Expect.CHOICE)


def welcome(context: Context) -> Output:
    return menu(
        context,
        _("Hello, this is the city's assistant. Say in your own words what you need, or choose."),
    )


def help_(context: Context) -> Output:
    return menu(
        context,
        _(
            "I can take reports, find parking, book rides, lead you along ways without barriers, "
            "and tell you of alerts. You can always say: back, start again, a person."
        ),
    )


def by_menus_only(context: Context) -> Output:
    return menu(context, _("I can't read free text at the moment. Please choose what it is about."))


def not_understood(context: Context) -> Output:
    text = _("I am afraid I do not know that. I can help with these things:")
    return menu(context, text)


def which_of(skills: Sequence[Skill], context: Context) -> Output:
    """Asked back where the words may have meant one of a few things."""
    found = [Button(skill.title(context), open_skill(skill.name)) for skill in skills]
    return Output(
        text=_("I am not sure that I understood. Did you mean one of these?"),
        buttons=(
            *found,
            Button(_("Menu"), go(Go.MENU)),
            Button(_("Talk to a person"), go(Go.PERSON)),
        ),
        expects=Expect.CHOICE,
        words=tuple(button.label for button in found),
    )


def offer_person() -> Output:
    return Output(
        text=_("I did not understand you twice. Shall I bring in a person of the city?"),
        buttons=(Button(_("Talk to a person"), go(Go.PERSON)), Button(_("Menu"), go(Go.MENU))),
        expects=Expect.CHOICE,
    )


def emergency(danger: Emergency) -> Output:
    number = settings.POLICE_NUMBER if danger.police else settings.EMERGENCY_NUMBER
    return Output(
        text=_(
            "This sounds dangerous. Call %(number)s at once and keep away from the danger. "
            "This chat is no emergency line."
        )
        % {"number": number},
        spoken=_("This sounds dangerous. Hang up, call %(number)s at once and keep away from it.")
        % {"number": " ".join(number)},
    )


def after_danger() -> Output:
    """Where danger is all that was understood."""
    return Output(
        text=_("When you are safe, I can pass on to the city what has happened, and where."),
        buttons=(
            Button(_("Report something"), open_skill("file_complaint")),
            Button(_("Talk to a person"), go(Go.PERSON)),
        ),
        expects=Expect.CHOICE,
    )


def language_changed() -> Output:
    return Output(text=_("I will go on in English."))


def choose_language(context: Context) -> Output:
    buttons = tuple(
        Button(LANGUAGE_NAMES.get(code, code), go(Go.LANGUAGE, code))
        for code, _name in settings.LANGUAGES
    )
    return Output(text=_("In which language?"), buttons=buttons, expects=Expect.CHOICE)


def started_again(context: Context) -> Output:
    return menu(context, _("All right, from the beginning. What can I do for you?"))


def left(skill: Skill, context: Context) -> Output:
    return Output(text=_("All right, nothing is done: %(what)s.") % {"what": skill.title(context)})


def still_there() -> Output:
    return Output(text=_("Are you still there?"))


def goodbye() -> Output:
    text = _("Goodbye. Write again whenever you need something.")
    return Output(text=text, spoken=_("Goodbye."))


def you_are_welcome() -> Output:
    return Output(text=_("You are welcome. Is there anything else?"))


def noted() -> Output:
    return Output(text=_("I have noted that."))


def courtesy(intent: str) -> Output | None:
    """What a greeting or a thank-you is answered with in the middle of something."""
    match intent:
        case "greet":
            return Output(text=_("Hello."))
        case "thank":
            return Output(text=_("You are welcome."))
    return None


def calm() -> Output:
    return Output(
        text=_("I understand that this is annoying. Let us stay polite; how can I help?"),
        buttons=(Button(_("Talk to a person"), go(Go.PERSON)), Button(_("Menu"), go(Go.MENU))),
        expects=Expect.CHOICE,
    )


def person_is_called() -> Output:
    return Output(
        text=_("I have called a person of the city. They will answer here. You may go on writing.")
    )


def kept_for_staff() -> Output:
    return Output(
        text=_("I keep this for the person of the city. Press Menu to go on with me instead."),
        buttons=(Button(_("Menu"), go(Go.MENU)),),
        expects=Expect.CHOICE,
    )


def person_is_here() -> Output:
    return Output(text=_("A person of the city is with you now."))


def not_so_fast() -> Output:
    text = _(
        "You write faster than I can read. Please wait a minute, then write again. In danger "
        "call %s."
    )
    return Output(text=text % settings.EMERGENCY_NUMBER)


def our_fault() -> Output:
    return Output(text=_("Something went wrong on our side. Please say that again."))


def button_is_old() -> Output:
    return Output(text=_("That button belongs to something earlier."))


def going_on(skill: Skill, context: Context) -> Output:
    return Output(text=_("Back to: %(what)s.") % {"what": skill.title(context)})


def sorry(output: Output) -> Output:
    """The question again, after an answer that said nothing of it."""
    return _after(_("I did not understand that."), output)


def do_not_know(output: Output) -> Output:
    """The question again, after words that had nothing to do with it nor with the city."""
    return _after(_("I do not know that, and I do not want to guess. Let us go on:"), output)


def _after(told: str, output: Output) -> Output:
    return replace(
        output, text=f"{told}\n{output.text}", spoken=f"{told} {output.spoken or output.text}"
    )


def confirm(output: Output) -> Output:
    """What is about to be done, with yes and no where the skill brings no buttons."""
    if output.buttons:
        return replace(output, expects=Expect.YES_NO)
    buttons = (Button(_("Yes"), go(Go.YES)), Button(_("No"), go(Go.NO)))
    return replace(output, buttons=buttons, expects=Expect.YES_NO)


def what_to_change(skill: Skill, context: Context) -> Output:
    slots = [slot for slot in skill.slots if slot.name in context.slots]
    buttons = [Button(slot.label(context), go(Go.CHANGE, slot.name)) for slot in slots]
    return Output(
        text=_("What shall I change?"),
        buttons=(*buttons, Button(_("Leave it"), go(Go.START_OVER))),
        expects=Expect.CHOICE,
        words=tuple(button.label for button in buttons),
    )


def with_spoken(outputs: Sequence[Output]) -> list[Output]:
    """Every output says something to the ear."""
    return [one if one.spoken else replace(one, spoken=one.text) for one in outputs]
