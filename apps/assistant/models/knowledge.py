"""What the city knows: articles in versions, each approved by a second person; what was asked in
vain; and what staff make of the engine's guesses."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.assistant.models.conversations import Turn


class KnowledgeArticle(models.Model):
    """One question of citizens in one language; what is answered stands in its versions."""

    slug = models.SlugField(_("short name"), max_length=60)
    language = models.CharField(_("language"), max_length=10)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("knowledge article")
        verbose_name_plural = _("knowledge articles")
        ordering = ["slug", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "language"], name="one_article_per_subject_and_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.slug} ({self.language})"


class ArticleVersionQuerySet(models.QuerySet["ArticleVersion"]):
    def in_force(self, on: date) -> Self:
        """Approved, valid on that day, of no retired article; of each article the newest such."""
        valid = self.filter(
            Q(valid_until=None) | Q(valid_until__gte=on),
            state=ArticleVersion.State.APPROVED,
            article__retired_at=None,
            valid_from__lte=on,
        )
        return valid.order_by("article_id", "-number").distinct("article_id")


class ArticleVersion(models.Model):
    """What is answered, from when to when, where it comes from, who wrote and who approved it.

    Once approved it is not edited any more: a change is a new version.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("waiting for approval")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    article = models.ForeignKey(
        KnowledgeArticle, models.CASCADE, related_name="versions", verbose_name=_("article")
    )
    number = models.PositiveSmallIntegerField(_("version"), editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    title = models.CharField(_("title"), max_length=160)
    questions = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        verbose_name=_("ways to ask"),
        help_text=_("As citizens say it; the more, the surer it is found."),
    )
    answer = models.TextField(_("answer"), max_length=900)
    source_name = models.CharField(_("source"), max_length=160)
    source_url = models.CharField(
        _("address of the source"), max_length=200, blank=True, validators=[URLValidator()]
    )
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("After that day nobody is told it.")
    )
    written_by = models.CharField(_("written by"), max_length=120, editable=False)
    approved_by = models.CharField(_("approved by"), max_length=120, blank=True, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True, editable=False)
    changed_at = models.DateTimeField(_("changed at"), editable=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True, editable=False)

    objects = ArticleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of an article")
        verbose_name_plural = _("versions of articles")
        ordering = ["article", "-number"]
        permissions = [("approve_articleversion", _("Can approve articles written by others"))]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="article_versions_numbered"),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(state__in=("draft", "submitted")),
                name="one_open_version_per_article",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(approved_at__isnull=False) & ~Q(approved_by=F("written_by")),
                name="approved_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="article_valid_until_after_from",
            ),
        ]
        indexes = [
            # The edition of what is known: the latest change.
            models.Index(fields=["-changed_at"], name="article_edition"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.SUBMITTED)


class UnansweredQuestion(models.Model):
    """What nobody could be told, counted; it feeds the knowledge base and the training."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ANSWERED = "answered", _("has an article now")
        LEARNED = "learned", _("an example now")
        DISMISSED = "dismissed", _("not ours")

    text = models.CharField(_("question"), max_length=300, help_text=_("Masked."))
    key = models.CharField(max_length=64, editable=False)
    language = models.CharField(_("language"), max_length=10)
    count = models.PositiveIntegerField(_("asked"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    article = models.ForeignKey(
        KnowledgeArticle, models.SET_NULL, null=True, blank=True, related_name="asked_before",
        verbose_name=_("article"),
    )  # fmt: skip
    first_at = models.DateTimeField(_("first asked at"))
    last_at = models.DateTimeField(_("last asked at"))
    settled_by = models.CharField(_("settled by"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("unanswered question")
        verbose_name_plural = _("unanswered questions")
        ordering = ["-count", "-last_at"]
        constraints = [
            models.UniqueConstraint(fields=["language", "key"], name="each_question_counted_once")
        ]
        indexes = [
            # The staff's list: what is asked most.
            models.Index(
                fields=["-count", "-last_at"], condition=Q(state="open"), name="questions_open"
            ),
            models.Index(fields=["last_at"], name="questions_retention"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class IntentExample(models.Model):
    """A sentence with the intent that a person says it has; exported, it trains the next model."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", _("rightly understood")
        CORRECTED = "corrected", _("corrected")
        DISMISSED = "dismissed", _("no example")

    turn = models.OneToOneField(
        Turn, models.SET_NULL, null=True, blank=True, related_name="example",
        verbose_name=_("said in"),
    )  # fmt: skip
    text = models.CharField(_("sentence"), max_length=300, help_text=_("Masked."))
    language = models.CharField(_("language"), max_length=10)
    guessed = models.CharField(_("the engine's guess"), max_length=40, blank=True)
    confidence = models.FloatField(_("confidence"), null=True, blank=True)
    intent = models.CharField(_("intent"), max_length=40, blank=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices)
    reviewed_by = models.CharField(_("reviewed by"), max_length=120)
    reviewed_at = models.DateTimeField(_("reviewed at"))

    class Meta:
        verbose_name = _("reviewed example")
        verbose_name_plural = _("reviewed examples")
        ordering = ["-reviewed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "text"],
                condition=~Q(verdict="dismissed"),
                name="each_sentence_once",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class IntentReview(Turn):
    """Turns that a person should look at."""

    class Meta:
        proxy = True
        verbose_name = _("sentence to review")
        verbose_name_plural = _("sentences to review")
