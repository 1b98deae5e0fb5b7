"""The knowledge base for staff: written, handed on, approved by somebody else, retired."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.assistant.models import ArticleVersion, KnowledgeArticle
from apps.assistant.services.knowledge import (
    Draft,
    approve_version,
    draft_version,
    refuse_version,
    retire_article,
    revise_version,
    submit_version,
)
from apps.base import clock
from apps.base.admin import AuditedModelAdmin, say_problem
from apps.base.problems import Problem

State = ArticleVersion.State
WORDS = (
    "title", "questions", "answer", "source_name", "source_url", "valid_from", "valid_until",
)  # fmt: skip


@admin.register(KnowledgeArticle)
class KnowledgeArticleAdmin(AuditedModelAdmin):
    """The subjects; what they say stands in their versions."""

    list_display = ("slug", "language", "title", "in_force", "retired_at")
    list_filter = ("language", ("retired_at", admin.EmptyFieldListFilter))
    search_fields = ("slug", "versions__title")
    fields = ("slug", "language")
    actions = ("retire",)
    actions_detail = ("new_version",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.prefetch_related("versions")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug", "language") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("title"))
    def title(self, row: KnowledgeArticle) -> str:
        return next((version.title for version in row.versions.all()), "–")

    @display(description=_("told to citizens"), boolean=True)
    def in_force(self, row: KnowledgeArticle) -> bool:
        approved = any(version.state == State.APPROVED for version in row.versions.all())
        return approved and row.retired_at is None

    @admin.action(description=_("Retire"), permissions=["change"])
    def retire(self, request: HttpRequest, rows: QuerySet[KnowledgeArticle]) -> None:
        for row in rows:
            retire_article(article=row, actor=str(request.user))
        messages.success(request, gettext("Nobody is told it any more."))

    @action(description=_("Write a new version"), permissions=["change"])
    def new_version(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """A draft with the words of the newest version."""
        article = KnowledgeArticle.objects.get(pk=object_id)
        try:
            version = draft_version(
                article=article, draft=_next_draft(article), actor=str(request.user)
            )
        except Problem as problem:
            say_problem(request, problem)
            return HttpResponseRedirect(
                reverse("admin:assistant_knowledgearticle_change", args=[object_id])
            )
        return HttpResponseRedirect(_page(version))


def _next_draft(article: KnowledgeArticle) -> Draft:
    newest = article.versions.first()
    asked = article.asked_before.first()
    if newest is None:
        return Draft(
            title=asked.text[:160] if asked else article.slug, answer="…", source_name="…",
            questions=(asked.text[:200],) if asked else (), valid_from=clock.now().date(),
        )  # fmt: skip
    return Draft(
        title=newest.title, questions=tuple(newest.questions), answer=newest.answer,
        source_name=newest.source_name, source_url=newest.source_url,
        valid_from=clock.now().date(), valid_until=newest.valid_until,
    )  # fmt: skip


def _page(version: ArticleVersion) -> str:
    return reverse("admin:assistant_articleversion_change", args=[version.pk])


class LinesField(forms.CharField):
    """A list, one a line."""

    widget = UnfoldAdminTextareaWidget

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [line.strip()[:200] for line in lines if line.strip()]


class VersionForm(forms.ModelForm[ArticleVersion]):
    questions = LinesField(
        required=False, label=_("ways to ask"),
        help_text=_("As citizens say it, one a line; the more, the surer it is found."),
    )  # fmt: skip

    class Meta:
        model = ArticleVersion
        fields = WORDS

    def draft(self) -> Draft:
        given = dict(self.cleaned_data)
        return Draft(**{**given, "questions": tuple(given.get("questions") or ())})


@admin.register(ArticleVersion)
class ArticleVersionAdmin(AuditedModelAdmin):
    """What a version says, and its way from draft to approved."""

    form = VersionForm
    list_display = ("title", "article", "number", "shown_state", "valid_until", "written_by")
    list_filter = ("state", "article__language")
    search_fields = ("title", "answer", "article__slug")
    actions_detail = ("submit", "approve", "refuse")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # from an article

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("article")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        more = ("article", "number", "shown_state", "written_by", "approved_by", "note")
        return (*WORDS, *more)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        more = ("article", "number", "shown_state", "written_by", "approved_by", "note")
        return more if obj is not None and obj.state == State.DRAFT else (*WORDS, *more)

    @display(
        description=_("state"),
        label={
            State.DRAFT: "info", State.SUBMITTED: "warning", State.APPROVED: "success",
            State.REFUSED: "danger",
        },
    )  # fmt: skip
    def shown_state(self, row: ArticleVersion) -> tuple[str, str]:
        return row.state, row.get_state_display()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        try:
            revise_version(version=obj, draft=form.draft(), actor=str(request.user))
        except Problem as problem:
            say_problem(request, problem)

    @action(description=_("Hand on for approval"), permissions=["change"])
    def submit(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return _step(
            request, object_id, submit_version, gettext("Somebody else can approve it now.")
        )

    @action(description=_("Approve"), permissions=["approve"])
    def approve(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return _step(
            request, object_id, approve_version, gettext("From now on citizens are told it.")
        )

    @action(description=_("Send back"), permissions=["approve"])
    def refuse(self, request: HttpRequest, object_id: int) -> HttpResponse:
        def back(*, version: ArticleVersion, actor: str) -> ArticleVersion:
            return refuse_version(version=version, actor=actor, note=gettext("sent back"))

        return _step(request, object_id, back, gettext("Sent back."))

    def has_approve_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(request.user.has_perm("assistant.approve_articleversion"))


def _step(
    request: HttpRequest, object_id: int, do: Callable[..., ArticleVersion], said: str
) -> HttpResponse:
    version = ArticleVersion.objects.get(pk=object_id)
    try:
        do(version=version, actor=str(request.user))
        messages.success(request, said)
    except Problem as problem:
        say_problem(request, problem)
    return HttpResponseRedirect(_page(version))
