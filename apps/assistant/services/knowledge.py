"""The knowledge base: drafted, submitted, approved by somebody else, retired; and what was asked in
vain."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from apps.assistant.models import ArticleVersion, KnowledgeArticle, UnansweredQuestion
from apps.base import audit, clock
from apps.base.problems import Conflict, Invalid, NotAllowed
from apps.complaints.services.privacy import clean

State = ArticleVersion.State
KEPT = timedelta(days=365)
LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a version says."""

    title: str
    answer: str
    source_name: str
    valid_from: date
    questions: tuple[str, ...] = ()
    source_url: str = ""
    valid_until: date | None = None


@transaction.atomic
def draft_version(*, article: KnowledgeArticle, draft: Draft, actor: str) -> ArticleVersion:
    """A new version beside the one in force. Raises Invalid; Conflict where one is open already."""
    article = KnowledgeArticle.objects.select_for_update().get(pk=article.pk)
    _check(draft)
    if article.versions.filter(state__in=(State.DRAFT, State.SUBMITTED)).exists():
        raise Conflict(_("A version is open already: finish or refuse that first."))
    last = article.versions.aggregate(last=Max("number"))["last"] or 0
    return ArticleVersion.objects.create(
        article=article, number=last + 1, written_by=actor, changed_at=clock.now(),
        **_fields(draft),
    )  # fmt: skip


@transaction.atomic
def revise_version(*, version: ArticleVersion, draft: Draft, actor: str) -> ArticleVersion:
    """Change a draft; whoever changes it last is its author. Raises Invalid, Conflict."""
    row = _locked(version)
    if row.state != State.DRAFT:
        raise Conflict(_("Only a draft can be changed; what is approved gets a new version."))
    _check(draft)
    fields = {**_fields(draft), "written_by": actor, "changed_at": clock.now()}
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
    return row


@transaction.atomic
def submit_version(*, version: ArticleVersion, actor: str) -> ArticleVersion:
    """Hand a draft on for approval. Raises Conflict."""
    return _move(version, State.DRAFT, State.SUBMITTED, actor, "knowledge.submitted")


@transaction.atomic
def approve_version(*, version: ArticleVersion, actor: str) -> ArticleVersion:
    """From now on citizens are told it. Raises NotAllowed for its author, Conflict."""
    row = _locked(version)
    if row.written_by == actor:
        raise NotAllowed(_("Somebody else than the author has to approve."))
    row.approved_by, row.approved_at = actor, clock.now()
    row.save(update_fields=["approved_by", "approved_at"])
    return _move(row, State.SUBMITTED, State.APPROVED, actor, "knowledge.approved")


@transaction.atomic
def refuse_version(*, version: ArticleVersion, actor: str, note: str) -> ArticleVersion:
    """Raises Invalid without a reason, Conflict."""
    if not note.strip():
        raise Invalid(errors={"note": _("Say why.")})
    row = _locked(version)
    row.note = note[:300]
    row.save(update_fields=["note"])
    return _move(row, State.SUBMITTED, State.REFUSED, actor, "knowledge.refused")


@transaction.atomic
def retire_article(*, article: KnowledgeArticle, actor: str) -> None:
    """Nobody is told it any more; the versions stay."""
    KnowledgeArticle.objects.filter(pk=article.pk, retired_at=None).update(retired_at=clock.now())
    audit.record(actor=actor, action="knowledge.retired", subject=str(article), detail={})


def _move(
    version: ArticleVersion, before: str, after: str, actor: str, action: str
) -> ArticleVersion:
    row = _locked(version)
    if row.state != before:
        raise Conflict(_("The version has changed since. Please look at it again."))
    row.state, row.changed_at = after, clock.now()
    row.save(update_fields=["state", "changed_at"])
    audit.record(
        actor=actor, action=action, subject=str(row.article), detail={"version": row.number}
    )
    return row


def _locked(version: ArticleVersion) -> ArticleVersion:
    rows = ArticleVersion.objects.select_for_update(of=("self",)).select_related("article")
    return rows.get(pk=version.pk)


def _check(draft: Draft) -> None:
    errors: dict[str, Any] = {
        name: _("This must be filled in.")
        for name in ("title", "answer", "source_name")
        if not getattr(draft, name).strip()
    }
    if draft.valid_until and draft.valid_until < draft.valid_from:
        errors["valid_until"] = _("The end comes after the beginning.")
    if errors:
        raise Invalid(errors=errors)


def _fields(draft: Draft) -> dict[str, Any]:
    questions = [one.strip() for one in draft.questions if one.strip()]
    return {
        "title": draft.title.strip(), "answer": draft.answer.strip(),
        "source_name": draft.source_name.strip(), "source_url": draft.source_url,
        "valid_from": draft.valid_from, "valid_until": draft.valid_until,
        "questions": list(dict.fromkeys(questions)),
    }  # fmt: skip


# ---------------------------------------------------------------- what was asked in vain


def note_unanswered(*, text: str, language: str) -> None:
    """Count a question that nobody could be answered. What identifies a person is masked."""
    masked = clean(text).masked[:LONGEST]
    plain = "".join(letter for letter in masked.lower() if letter.isalnum())
    if not plain:
        return
    now, key = clock.now(), hashlib.sha256(plain.encode()).hexdigest()
    row, created = UnansweredQuestion.objects.get_or_create(
        language=language, key=key, defaults={"text": masked, "first_at": now, "last_at": now}
    )
    if not created:
        UnansweredQuestion.objects.filter(pk=row.pk).update(count=F("count") + 1, last_at=now)


@transaction.atomic
def article_from_question(
    *, question: UnansweredQuestion, slug: str, actor: str
) -> KnowledgeArticle:
    """An article to be written for what was asked, with a first draft that holds the question."""
    article, _created = KnowledgeArticle.objects.get_or_create(
        slug=slug, language=question.language
    )
    article.retired_at = None
    article.save(update_fields=["retired_at"])
    question.state, question.article, question.settled_by = (
        UnansweredQuestion.State.ANSWERED, article, actor,
    )  # fmt: skip
    question.save(update_fields=["state", "article", "settled_by"])
    return article


def dismiss_question(*, question: UnansweredQuestion, actor: str) -> None:
    question.state, question.settled_by = UnansweredQuestion.State.DISMISSED, actor
    question.save(update_fields=["state", "settled_by"])


def forget_questions() -> int:
    """Retention."""
    removed, _each = UnansweredQuestion.objects.filter(last_at__lt=clock.now() - KEPT).delete()
    return removed
