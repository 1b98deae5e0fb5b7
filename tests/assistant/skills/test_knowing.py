"""Questions, warnings, and being safe."""

from datetime import date, timedelta

import pytest

from apps.assistant.models import ArticleVersion, KnowledgeArticle, UnansweredQuestion
from apps.assistant.services.knowledge import (
    Draft,
    approve_version,
    draft_version,
    refuse_version,
    retire_article,
    submit_version,
)
from apps.base.clock import Hand
from apps.base.problems import Conflict, Invalid, NotAllowed
from tests.assistant.skills.conftest import Speaker
from tests.conftest import NOON

DRAFT = Draft(
    title="Passport", questions=("how do I apply for a passport", "renew my passport"),
    answer="Come to city hall with a photo.", source_name="Civil Affairs",
    valid_from=date(2026, 1, 1), valid_until=date(2027, 12, 31),
)  # fmt: skip


def drafted() -> ArticleVersion:
    article = KnowledgeArticle.objects.create(slug="passport", language="en")
    return draft_version(article=article, draft=DRAFT, actor="choi")


def approved() -> ArticleVersion:
    version = submit_version(version=drafted(), actor="choi")
    return approve_version(version=version, actor="park")


def test_an_approved_article_is_told_with_its_source(sora: Speaker) -> None:
    approved()
    said = sora.says("how can I renew a passport", "ask_knowledge")
    assert said.startswith("Come to city hall with a photo.")
    assert "Civil Affairs" in said
    assert "Dec. 31, 2027" in said


@pytest.mark.parametrize("state", ["draft", "submitted", "refused", "retired", "expired"])
def test_nothing_else_is_ever_told(sora: Speaker, hand: Hand, state: str) -> None:
    if state in ("retired", "expired"):
        version = approved()
    else:
        version = drafted()
    if state in ("submitted", "refused"):
        version = submit_version(version=version, actor="choi")
    if state == "refused":
        refuse_version(version=version, actor="park", note="wrong fee")
    if state == "retired":
        retire_article(article=version.article, actor="park")
    if state == "expired":
        hand.set(NOON + timedelta(days=500))
    assert "I do not know" in sora.says("how can I renew a passport", "ask_knowledge")


def test_what_it_does_not_know_is_counted(sora: Speaker) -> None:
    approved()
    for _ in range(2):
        assert "I do not know" in sora.says("When is the opera?", "ask_knowledge")
    assert UnansweredQuestion.objects.get().count == 2


def test_nobody_approves_their_own_words(db: None) -> None:
    version = submit_version(version=drafted(), actor="choi")
    with pytest.raises(NotAllowed):
        approve_version(version=version, actor="choi")
    with pytest.raises(Invalid):
        refuse_version(version=version, actor="park", note=" ")


def test_what_is_approved_gets_a_new_version(db: None) -> None:
    version = approved()
    newer = draft_version(article=version.article, draft=DRAFT, actor="park")
    assert newer.number == 2
    with pytest.raises(Conflict):
        draft_version(article=version.article, draft=DRAFT, actor="park")


def test_no_warning_is_in_force(sora: Speaker) -> None:
    assert "No warning is in force" in sora.says("any warnings", "alerts_here")
    assert "at City Hall" in sora.says(
        "any warnings at City Hall", "alerts_here", place="City Hall"
    )


def test_who_needs_help_hears_the_number_first_and_gets_a_person(sora: Speaker) -> None:
    said = sora.says("please come, we cannot leave the house", "need_help")
    assert "call 119" in said
    assert sora.conversation.state == "waiting"


def test_who_is_safe_is_thanked(sora: Speaker) -> None:
    assert "Good to hear" in sora.says("we are all fine", "i_am_safe")


def test_danger_is_said_once(sora: Speaker) -> None:
    said = sora.says("the house is on fire, please come", "need_help")
    assert said.count("119") == 1
    assert "person of the city" in said
