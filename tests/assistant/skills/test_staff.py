"""Staff pages: knowledge with approval, questions, reviews, conversations taken over."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.assistant.models import (
    ArticleVersion,
    Conversation,
    IntentExample,
    KnowledgeArticle,
    Turn,
    UnansweredQuestion,
)
from apps.assistant.services.handovers import give_back, say_as_staff, take_over
from apps.assistant.services.reviewing import export_examples
from apps.base.problems import Conflict
from tests.assistant.skills.conftest import Speaker
from tests.assistant.skills.test_knowing import DRAFT, drafted
from tests.support.world import sign_in_staff


@pytest.fixture
def desk(client: Client, db: None) -> Client:
    sign_in_staff(client, User.objects.create_superuser("chief@dalbit.example"))
    return client


def page(model: str, pk: int) -> str:
    return reverse(f"admin:assistant_{model}_change", args=[pk])


def test_an_article_goes_from_draft_to_approved_by_two_people(desk: Client) -> None:
    version = drafted()
    assert desk.get(page("articleversion", version.pk)).status_code == 200
    desk.get(reverse("admin:assistant_articleversion_submit", args=[version.pk]))
    desk.get(reverse("admin:assistant_articleversion_approve", args=[version.pk]))
    version.refresh_from_db()
    assert version.state == ArticleVersion.State.APPROVED
    assert version.approved_by == "chief@dalbit.example"
    desk.get(reverse("admin:assistant_knowledgearticle_new_version", args=[version.article_id]))
    assert version.article.versions.count() == 2


def test_the_author_cannot_approve_on_the_page_either(desk: Client) -> None:
    article = KnowledgeArticle.objects.create(slug="a", language="en")
    desk.get(reverse("admin:assistant_knowledgearticle_new_version", args=[article.pk]))
    version = article.versions.get()
    given = {
        "title": DRAFT.title, "questions": "\n".join(DRAFT.questions), "answer": DRAFT.answer,
        "source_name": DRAFT.source_name, "source_url": "", "valid_from": "2026-01-01",
        "valid_until": "",
    }  # fmt: skip
    desk.post(page("articleversion", version.pk), given)
    version.refresh_from_db()
    assert version.answer == DRAFT.answer
    assert version.questions == list(DRAFT.questions)
    desk.get(reverse("admin:assistant_articleversion_submit", args=[version.pk]))
    desk.get(reverse("admin:assistant_articleversion_approve", args=[version.pk]))
    version.refresh_from_db()
    assert version.state == ArticleVersion.State.SUBMITTED


def test_a_question_becomes_an_article_or_an_example(desk: Client, sora: Speaker) -> None:
    sora.says("When is the opera open?", "ask_knowledge")
    question = UnansweredQuestion.objects.get()
    assert desk.get(page("unansweredquestion", question.pk)).status_code == 200
    desk.post(page("unansweredquestion", question.pk), {"means": "find_way"})
    assert IntentExample.objects.get().intent == "find_way"
    desk.get(reverse("admin:assistant_unansweredquestion_write_article", args=[question.pk]))
    assert KnowledgeArticle.objects.get().asked_before.get() == question


def test_what_was_reviewed_is_exported_as_training_data(
    desk: Client, sora: Speaker, tmp_path: Path
) -> None:
    sora.says("I'd [like] a bus, my number is 010-1234-5678", "help")
    Turn.objects.update(confidence=0.5)
    turn = Turn.objects.filter(side="citizen").get()
    listed = desk.get(reverse("admin:assistant_intentreview_changelist"))
    assert "a bus" in listed.content.decode()
    assert desk.get(page("intentreview", turn.pk)).status_code == 200
    desk.post(reverse("admin:assistant_review", args=[turn.pk]), {"intent": "book_ride"})
    assert export_examples(tmp_path) == 1
    text = (tmp_path / "en" / "reviewed.yml").read_text()
    assert "- intent: book_ride" in text
    assert "1234" not in text
    assert "[" not in text.split("examples")[1]


def test_staff_take_a_conversation_over_and_give_it_back(desk: Client, sora: Speaker) -> None:
    sora.says("hello", "greet")
    row = Conversation.objects.get()
    chief = User.objects.get(email="chief@dalbit.example")
    other = User.objects.create_user("other@dalbit.example")
    with pytest.raises(Conflict):
        say_as_staff(conversation=str(row.code), text="Hello", user=chief)
    act = "admin:assistant_conversation_act"
    desk.post(reverse(act, args=[row.pk, "take"]))
    with pytest.raises(Conflict):
        take_over(conversation=str(row.code), user=other)
    desk.post(reverse(act, args=[row.pk, "write"]), {"text": "We are on it."})
    assert sora.says("thank you", "thank") == ""
    shown = desk.get(page("conversation", row.pk), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "We are on it." in shown
    assert "Send" in shown
    said = desk.get(reverse("admin:assistant_conversation_turns", args=[row.pk])).json()
    assert "We are on it." in said["html"]
    give_back(conversation=str(row.code), user=chief)
    assert sora.says("hello", "greet").startswith("Hello")
