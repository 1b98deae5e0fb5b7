"""Complaints by conversation: filed, corrected, found again, taken back, judged."""

import pytest

from apps.assistant.models import Turn
from apps.complaints.core.states import State, Who
from apps.complaints.models import ServiceRequest, Subscription
from apps.complaints.services.moving import move_request
from apps.complaints.services.privacy import reveal_originals
from tests.assistant.skills.conftest import Speaker

LIGHT = "the street light in front of Dalbit Station is broken"


def filed(sora: Speaker, text: str = LIGHT) -> ServiceRequest:
    sora.says(text, "file_complaint", place="Dalbit Station")
    sora.press("Without a photo")
    sora.press("Yes")
    return ServiceRequest.objects.get()


def test_what_was_said_at_once_is_not_asked_again(sora: Speaker) -> None:
    assert "photo" in sora.says(LIGHT, "file_complaint", place="Dalbit Station")
    back = sora.press("Without a photo")
    assert LIGHT in back
    assert "Street light" in back
    assert "Dalbit Station" in back
    said = sora.press("Yes")
    row = ServiceRequest.objects.get()
    assert row.number in said
    assert (row.service.service_code, row.address, row.channel) == (
        "streetlight", "Dalbit Station", "chat",
    )  # fmt: skip
    assert row.reporter is not None
    assert sora.said[0].spoken.count(" ".join(row.number[:4])) == 2


def test_it_asks_only_for_what_is_missing(sora: Speaker) -> None:
    assert "What is the matter" in sora.says("I want to report something", "file_complaint")
    assert "Where is it" in sora.says("a street light is broken", "inform")
    assert "photo" in sora.says("it is at City Hall", "inform", place="City Hall")


def test_it_offers_kinds_where_the_words_do_not_say(sora: Speaker) -> None:
    said = sora.says("it hums and wobbles at City Hall", "file_complaint", place="City Hall")
    assert "Which of these is it" in said
    sora.press("Something else")
    assert "photo" in sora.text


@pytest.mark.parametrize("words", ["at nowhere in particular", "somewhere behind the old oak"])
def test_words_will_do_for_a_place_that_no_map_has(sora: Speaker, words: str) -> None:
    sora.says("a street light is broken", "file_complaint")
    assert "don't find" in sora.says(words)
    assert "photo" in sora.says(words + "!")
    sora.press("Without a photo")
    assert "Reported by: anonymous" in sora.press("Stay anonymous")
    sora.press("Yes")
    row = ServiceRequest.objects.get()
    assert row.geom is None
    assert words in row.address
    assert row.reporter is None


def test_a_correction_at_the_read_back_takes_the_new_place(sora: Speaker) -> None:
    sora.says(LIGHT, "file_complaint", place="Dalbit Station")
    sora.press("Without a photo")
    assert "City Hall" in sora.says("no, it is at City Hall", "correct", place="City Hall")
    sora.press("Yes")
    assert ServiceRequest.objects.get().address == "City Hall"


def test_who_reports_what_is_known_follows_it_instead(sora: Speaker) -> None:
    first = filed(sora)
    sora.says(LIGHT, "file_complaint", place="Dalbit Station")
    assert first.number in sora.text
    sora.press("Yes, the same")
    assert ServiceRequest.objects.count() == 1
    assert first.number in sora.text
    assert Subscription.objects.filter(request=first).count() == 1


def test_nothing_of_the_first_complaint_is_left_for_the_second(sora: Speaker) -> None:
    filed(sora)
    assert "What is the matter" in sora.says("one more report please", "file_complaint")
    assert "Where" in sora.says("a pothole", "inform")


def test_an_emergency_is_answered_first_and_the_report_goes_on(sora: Speaker) -> None:
    said = sora.says("the street light at Dalbit Station is on fire", "file_complaint",
                     place="Dalbit Station")  # fmt: skip
    assert said.startswith("This sounds dangerous. Call 119")
    assert "photo" in said


def test_it_says_where_ones_own_complaint_stands(sora: Speaker) -> None:
    row = filed(sora)
    said = sora.says("any news about my complaint", "complaint_status")
    assert row.number in said
    assert "received" in said
    assert "number" in sora.says("status of 2026-0001234-0", "complaint_status")


def test_it_withdraws_after_asking(sora: Speaker) -> None:
    row = filed(sora)
    assert row.number in sora.says("cancel my complaint", "withdraw_complaint")
    sora.press("Yes, withdraw it")
    row.refresh_from_db()
    assert row.state == State.WITHDRAWN


def test_another_ones_complaint_cannot_be_withdrawn(sora: Speaker) -> None:
    row = filed(sora)
    ben = Speaker(identity="ben")
    said = ben.says(f"withdraw {row.number}", "withdraw_complaint", reference=row.number)
    row.refresh_from_db()
    assert row.state == State.RECEIVED
    assert "not filed by you" in said


def test_a_poor_mark_may_open_it_again(sora: Speaker) -> None:
    row = filed(sora)
    move_request(request=row, after=State.IN_PROGRESS, who=Who.STAFF, actor="t")
    move_request(request=row, after=State.RESOLVED, who=Who.STAFF, actor="t", public_note="done")
    assert "still wrong" in sora.says("I give 2 stars", "rate_complaint", rating="2")
    sora.says("it flickers again", "file_complaint")
    row.refresh_from_db()
    assert row.state == State.REOPENED
    assert row.feedback.get().score == 2


def test_words_are_added_to_what_was_filed(sora: Speaker) -> None:
    row = filed(sora)
    assert "What shall I add" in sora.says("I want to add something", "correct")
    sora.says("there is glass on the road, too", "file_complaint")
    assert row.notes.get().text == "there is glass on the road, too"


def test_a_number_plate_reaches_those_who_follow_it_up_and_nobody_else(sora: Speaker) -> None:
    row = filed(sora, f"{LIGHT}, 12가3456 drove into it")
    assert "12가3456" not in row.description
    assert not Turn.objects.filter(text__contains="12가3456").exists()
    kept = reveal_originals(request=row, actor="t", reason="to find its keeper")
    assert "12가3456" in kept["description"]


@pytest.mark.parametrize(
    ("words", "reported_by"),
    [("anonymously please", None), ("yes, but anonymously", None), ("yes please", "sora")],
)
def test_a_yes_counts_with_what_it_changes(
    sora: Speaker, words: str, reported_by: str | None
) -> None:
    sora.says(LIGHT, "file_complaint", place="Dalbit Station")
    sora.press("Without a photo")
    sora.says(words, "affirm")
    if not ServiceRequest.objects.exists():
        sora.press("Yes")
    row = ServiceRequest.objects.get()
    assert (row.reporter is not None) == (reported_by is not None)
    assert row.description == LIGHT


def test_a_correction_leaves_the_description_alone(sora: Speaker) -> None:
    sora.says(LIGHT, "file_complaint", place="Dalbit Station")
    sora.press("Without a photo")
    sora.says("no, it is at City Hall", "file_complaint", place="City Hall")
    sora.press("Yes")
    row = ServiceRequest.objects.get()
    assert (row.description, row.address) == (LIGHT, "City Hall")


def test_a_place_said_before_the_kind_is_known_is_not_asked_for_again(sora: Speaker) -> None:
    sora.says("it hums and wobbles at City Hall", "file_complaint", place="City Hall")
    sora.press("Something else")
    sora.press("Without a photo")
    assert "Where: City Hall" in sora.text


def test_what_is_changed_may_be_named(sora: Speaker) -> None:
    sora.says(LIGHT, "file_complaint", place="Dalbit Station")
    sora.press("Without a photo")
    sora.says("no", "deny")
    assert "Where is it" in sora.says("the place", "correct")
    assert "Where: City Hall" in sora.says("City Hall", place="City Hall")


def test_the_name_of_a_park_is_no_wish_to_park(sora: Speaker) -> None:
    sora.says("a street light is broken", "file_complaint")
    assert "photo" in sora.says("Dalbit Market", "find_parking", place="Dalbit Market")


def test_another_questions_answer_is_taken_and_the_question_stays(sora: Speaker) -> None:
    sora.says("a street light is broken", "file_complaint")
    assert "Where is it?" in sora.says("anonymously please")
    assert sora.conversation.slots["contact"] == "anonymous"


def test_the_kind_is_not_read_from_the_name_of_the_place(sora: Speaker) -> None:
    text = "the street light at Noise Park is out"
    sora.says(text, "file_complaint", place="Noise Park")
    assert sora.conversation.slots["service"] == "streetlight"


def test_danger_that_says_nothing_more_is_offered_help(sora: Speaker) -> None:
    said = sora.says("fire, everything is on fire", "")
    assert said.startswith("This sounds dangerous. Call 119")
    assert "do not know" not in said
    assert "Report something" in sora.labels
