"""What was asked in vain, and what the engine was unsure of: staff say what it meant."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from apps.assistant.core.intents import INTENTS
from apps.assistant.models import IntentExample, IntentReview, Turn, UnansweredQuestion
from apps.assistant.services.knowledge import article_from_question, dismiss_question
from apps.assistant.services.reviewing import learn_question, review_turn
from apps.base.admin import AuditedModelAdmin, ReadOnly, say_problem
from apps.base.problems import Problem

UNSURE = 0.8
_CHOICES = [("", "—"), *((intent, intent) for intent in INTENTS)]


@admin.register(UnansweredQuestion)
class UnansweredQuestionAdmin(AuditedModelAdmin):
    list_display = ("text", "language", "count", "last_at", "state", "article")
    list_filter = ("state", "language")
    search_fields = ("text",)
    actions = ("dismiss",)
    actions_detail = ("write_article",)
    fields = ("text", "language", "count", "first_at", "last_at", "state", "article", "means")
    readonly_fields = ("text", "language", "count", "first_at", "last_at", "state", "article")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """One may say which intent it has: an example for the next training."""
        kwargs["fields"] = ()
        form = super().get_form(request, obj, **kwargs)
        form.base_fields["means"] = forms.ChoiceField(
            label=_("It means"), choices=_CHOICES, required=False, widget=UnfoldAdminSelectWidget
        )
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        intent = form.cleaned_data.get("means")
        if not intent:
            return
        learn_question(question=obj, intent=intent, actor=str(request.user))
        self.audit(request, obj, "learned", intent=intent)

    @admin.action(description=_("Not ours"), permissions=["change"])
    def dismiss(self, request: HttpRequest, rows: QuerySet[UnansweredQuestion]) -> None:
        for row in rows:
            dismiss_question(question=row, actor=str(request.user))

    @action(description=_("Write an article"), permissions=["change"])
    def write_article(self, request: HttpRequest, object_id: int) -> HttpResponse:
        question = UnansweredQuestion.objects.get(pk=object_id)
        slug = slugify(question.text)[:50] or f"question-{question.pk}"
        try:
            article = article_from_question(question=question, slug=slug, actor=str(request.user))
        except Problem as problem:
            say_problem(request, problem)
            return HttpResponseRedirect(request.path)
        return HttpResponseRedirect(
            reverse("admin:assistant_knowledgearticle_change", args=[article.pk])
        )


@admin.register(IntentReview)
class IntentReviewAdmin(ReadOnly):
    """The least sure first; a press says what it meant."""

    list_display = ("text", "language", "intent", "confidence", "at")
    list_filter = ("intent", "conversation__language")
    search_fields = ("text",)
    ordering = ("confidence", "-at")
    actions = ("accept", "no_example")
    change_form_template = "assistant/review.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).select_related("conversation")
        unsure = Q(confidence__lt=UNSURE) | Q(confidence=None)
        rows = rows.filter(unsure, side=Turn.Side.CITIZEN, kind="text", example=None)
        return rows.exclude(text="")

    @admin.display(description=_("language"))
    def language(self, row: Turn) -> str:
        return row.conversation.language

    @admin.action(description=_("Rightly understood"), permissions=["view"])
    def accept(self, request: HttpRequest, rows: QuerySet[Turn]) -> None:
        for row in rows:
            if row.intent:
                review_turn(turn=row, intent=row.intent, actor=str(request.user))
        messages.success(request, gettext("Noted for the next training."))

    @admin.action(description=_("No example"), permissions=["view"])
    def no_example(self, request: HttpRequest, rows: QuerySet[Turn]) -> None:
        for row in rows:
            review_turn(turn=row, intent="", actor=str(request.user))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        context = {**(extra_context or {}), "intents": INTENTS}
        context["review_url"] = reverse("admin:assistant_review", args=[object_id])
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, context)
        return answer

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view
        own = path("<int:pk>/review/", view(self.review), name="assistant_review")
        return [own, *super().get_urls()]

    def review(self, request: HttpRequest, pk: int) -> HttpResponse:
        turn = Turn.objects.select_related("conversation").get(pk=pk)
        allowed = request.user.has_perm("assistant.add_intentexample")
        if request.method != "POST" or not allowed:
            return HttpResponse(status=403)
        try:
            review_turn(turn=turn, intent=request.POST.get("intent", ""), actor=str(request.user))
            messages.success(request, gettext("Noted for the next training."))
        except Problem as problem:
            say_problem(request, problem)
        return HttpResponseRedirect(reverse("admin:assistant_intentreview_changelist"))


@admin.register(IntentExample)
class IntentExampleAdmin(ReadOnly):
    list_display = ("text", "language", "guessed", "intent", "verdict", "reviewed_by")
    list_filter = ("verdict", "language", "intent")
    search_fields = ("text",)
