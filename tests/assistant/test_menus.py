"""A conversation by menus: no model, all the same rules."""

from datetime import timedelta

import pytest

from apps.assistant.models import Conversation, InboundEvent
from apps.base.clock import Hand
from apps.base.problems import Conflict, Invalid, Unavailable
from tests.assistant import umbrella
from tests.assistant.conftest import Citizen


def test_it_fills_a_form_reads_it_back_and_does_it(sora: Citizen) -> None:
    sora.say("hello")
    assert sora.press("a lost umbrella") == "Where?"
    assert sora.pin("Lake Park") == "Which colour?"
    assert sora.press("blue") == "What happened?"
    assert sora.say("the wind took it") == "A blue umbrella, lost at Lake Park. Right?"
    assert sora.press("Yes") == "Noted under U-1."
    [(_key, slots)] = umbrella.performed
    assert slots == {"place": "Lake Park", "colour": "blue", "story": "the wind took it"}


def test_nothing_of_one_form_is_left_for_the_next(sora: Citizen) -> None:
    for _ in range(2):
        sora.say("hello")
        assert sora.press("a lost umbrella") == "Where?"
        sora.pin("Lake Park")
        sora.press("blue")
        sora.say("the wind took it")
        sora.press("Yes")
    keys = [key for key, _slots in umbrella.performed]
    assert len(set(keys)) == 2


def test_the_same_message_again_gets_the_same_answer_and_does_nothing(sora: Citizen) -> None:
    sora.say("hello")
    sora.press("a lost umbrella")
    sora.pin("Lake Park")
    sora.press("blue")
    sora.say("the wind took it")
    first = sora.send(text="yes", event_id="again")
    assert sora.send(text="yes", event_id="again") == first == "Noted under U-1."
    assert len(umbrella.performed) == 1


def test_words_that_no_engine_read_are_not_lost(sora: Citizen) -> None:
    assert "can't read free text" in sora.say("I lost my red umbrella at the library")
    assert sora.press("a lost umbrella") == "What happened?"
    assert sora.conversation.slots == {"colour": "red", "place": "the library"}


def test_it_goes_back_one_question(sora: Citizen) -> None:
    sora.say("hello")
    sora.press("a lost umbrella")
    sora.pin("Lake Park")
    assert sora.send(choice="go:back") == "Where?"
    assert sora.conversation.slots == {}


def test_it_starts_again(sora: Citizen) -> None:
    sora.say("hello")
    sora.press("a lost umbrella")
    assert "from the beginning" in sora.send(choice="go:start_over")
    assert sora.conversation.skill == ""


def test_no_leads_to_what_to_change(sora: Citizen) -> None:
    sora.say("hello")
    sora.press("a lost umbrella")
    sora.pin("Lake Park")
    sora.press("blue")
    sora.say("the wind took it")
    assert sora.press("No") == "What shall I change?"
    assert sora.press("the colour") == "Which colour?"
    assert sora.press("red") == "A red umbrella, lost at Lake Park. Right?"


def test_a_no_with_the_right_word_changes_it_at_once(sora: Citizen) -> None:
    sora.say("hello")
    sora.press("a lost umbrella")
    sora.pin("Lake Park")
    sora.press("blue")
    sora.say("the wind took it")
    assert sora.say("no, red") == "A red umbrella, lost at Lake Park. Right?"


def test_something_else_in_between_leads_back_to_the_question(sora: Citizen) -> None:
    sora.say("hello")
    sora.press("a lost umbrella")
    sora.pin("Lake Park")
    said = sora.send(choice="skill:weather")
    assert said == "It is raining. | Back to: a lost umbrella. | Which colour?"
    assert sora.conversation.slots == {"place": "Lake Park"}


def test_danger_comes_first_and_the_question_stays(sora: Citizen) -> None:
    sora.say("hello")
    sora.press("a lost umbrella")
    assert "119" in sora.say("help, the building is on fire").split(" | ")[0]


def test_two_failures_in_a_row_offer_a_person(sora: Citizen) -> None:
    sora.say("hello")
    sora.press("a lost umbrella")
    sora.pin("Lake Park")
    assert sora.say("dunno") == "I did not understand that.\nWhich colour?"
    sora.say("dunno either")
    assert "Talk to a person" in [button.label for button in sora.said[-1].buttons]


def test_silence_asks_again_and_then_says_goodbye(sora: Citizen) -> None:
    sora.say("hello")
    sora.press("a lost umbrella")
    assert sora.send(silence=True) == "Are you still there? | Where?"
    sora.send(silence=True)
    assert "Goodbye" in sora.send(silence=True)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Conflict("It is raining too hard."), "It is raining too hard."),
        (Invalid(errors={"colour": "Nobody has that colour."}), "Nobody has that colour. | Which"),
        (Unavailable(), "A part of the city's system is away. Please try again shortly."),
    ],
)
def test_what_the_services_refuse_is_said(sora: Citizen, problem: Exception, said: str) -> None:
    sora.say("hello")
    sora.press("a lost umbrella")
    sora.pin("Lake Park")
    sora.press("blue")
    sora.say("the wind took it")
    umbrella.failing.append(problem)
    assert sora.say("yes").startswith(said)


def test_a_refused_command_can_be_tried_again_under_the_same_key(sora: Citizen) -> None:
    sora.say("hello")
    sora.press("a lost umbrella")
    sora.pin("Lake Park")
    sora.press("blue")
    sora.say("the wind took it")
    umbrella.failing.append(Unavailable())
    sora.say("yes")
    assert sora.press("Try again") == "Noted under U-1."


def test_a_button_of_a_form_that_is_over_does_nothing(sora: Citizen) -> None:
    sora.say("hello")
    sora.press("a lost umbrella")
    sora.pin("Lake Park")
    old = sora.said
    sora.send(choice="go:start_over")
    sora.send(choice="skill:umbrella")
    sora.pin("Lake Park")
    sora.said = old
    sora.conversation.refresh_from_db()
    assert sora.conversation.slots == {"place": "Lake Park"}


def test_a_forged_button_is_refused(sora: Citizen) -> None:
    sora.say("hello")
    assert "something earlier" in sora.send(token="eyJ.forged:token")


def test_a_quiet_half_hour_ends_the_talk(sora: Citizen, hand: Hand) -> None:
    sora.say("hello")
    sora.press("a lost umbrella")
    first = sora.conversation.pk
    hand.move(timedelta(minutes=31))
    sora.say("hello")
    assert sora.conversation.pk != first
    assert sora.conversation.skill == ""
    assert Conversation.objects.count() == 2


def test_the_engine_knows_it_by_a_new_name_after_twenty_messages(sora: Citizen) -> None:
    sora.say("hello")
    session = sora.conversation.session
    for _ in range(20):
        sora.say("hello")
    assert sora.conversation.session != session
    assert sora.conversation.session_turns <= 20


def test_what_was_said_is_kept_masked_and_only_once(sora: Citizen) -> None:
    sora.say("my number is 010-1234-5678")
    assert sora.conversation.turns.get(number=1).text == "my number is [phone]"
    assert sora.events.get().sealed == ""


def test_it_switches_the_language_by_a_sentence_and_by_wish(sora: Citizen) -> None:
    sora.say("hello there, where can I park?")
    assert sora.conversation.language == "en"
    sora.say("네")
    assert sora.conversation.language == "en"
    sora.say("정발산역 앞에 주차할 곳이 있나요?")
    assert sora.conversation.language == "ko"
    sora.say("English, please")
    assert sora.conversation.language == "en"


def test_an_endless_text_is_cut(sora: Citizen) -> None:
    sora.say("a" * 100_000)
    assert len(sora.conversation.turns.get(number=1).text) == 1000


def test_events_answered_are_not_waiting(sora: Citizen) -> None:
    sora.say("hello")
    assert not InboundEvent.objects.waiting().exists()


def test_short_words_move_about_without_any_engine(sora: Citizen) -> None:
    sora.say("hello")
    sora.press("a lost umbrella")
    sora.pin("Lake Park")
    assert sora.say("go back, please") == "Where?"
    assert sora.say("pardon?") == "Where?"
    assert "called a person" in sora.say("talk to a person")


def test_never_mind_leaves_what_is_open(sora: Citizen) -> None:
    sora.say("hello")
    sora.press("a lost umbrella")
    sora.pin("Lake Park")
    assert sora.say("never mind") == "All right, nothing is done: a lost umbrella."
    assert sora.conversation.skill == ""
    assert not umbrella.performed
