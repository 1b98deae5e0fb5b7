"""Live conversations: who waits for staff first; read along, take over, write, give back."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.accounts.models import User
from apps.assistant.models import Conversation
from apps.assistant.services.handovers import give_back, say_as_staff, take_over
from apps.assistant.services.standing import about, standing_of
from apps.base.admin import ReadOnly, say_problem
from apps.base.problems import Problem

State = Conversation.State
ANSWER = "assistant.answer_conversation"
_FIRST = Case(
    When(state=State.WAITING_FOR_STAFF, ended_at=None, then=Value(0)),
    When(state=State.STAFF, ended_at=None, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


class OpenFilter(admin.SimpleListFilter):
    title, parameter_name = _("going on"), "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "yes":
                return queryset.filter(ended_at=None)
            case "no":
                return queryset.exclude(ended_at=None)
        return queryset


@admin.register(Conversation)
class ConversationAdmin(ReadOnly):
    list_display = ("who", "shown_state", "language", "about", "said", "heard_at")
    list_filter = (OpenFilter, "state", "language", "identity__channel")
    change_form_template = "assistant/conversation.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).select_related("identity__person")
        counted: QuerySet[Any] = rows.annotate(said_n=Count("turns"))
        return counted

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return (_FIRST.asc(), "-heard_at")

    @admin.display(description=_("conversation"))
    def who(self, row: Conversation) -> str:
        return str(row)

    @display(
        description=_("state"),
        label={State.WAITING_FOR_STAFF: "danger", State.STAFF: "warning", State.ASSISTANT: "info"},
    )
    def shown_state(self, row: Conversation) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @admin.display(description=_("about"))
    def about(self, row: Conversation) -> str:
        return about(row)

    @admin.display(description=_("turns"))
    def said(self, row: Any) -> int:
        return int(row.said_n)

    # ------------------------------------------------------------ one conversation

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        row = get_object_or_404(self.get_queryset(request), pk=object_id or 0)
        context = {**(extra_context or {}), **self._shown(request, row)}
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, context)
        return answer

    def _shown(self, request: HttpRequest, row: Conversation) -> dict[str, Any]:
        act = reverse("admin:assistant_conversation_act", args=[row.pk, "x"])[:-2]
        return {
            "row": row,
            "standing": standing_of(row),
            "turns": row.turns.order_by("number"),
            "may_answer": request.user.has_perm(ANSWER) and row.ended_at is None,
            "is_mine": row.handovers.filter(ended_at=None, taken_by=request.user.pk).exists(),
            "act_url": act,
            "turns_url": reverse("admin:assistant_conversation_turns", args=[row.pk]),
        }

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/turns", view(self.turns), name="assistant_conversation_turns"),
            path("<int:pk>/act/<str:what>/", view(self.act), name="assistant_conversation_act"),
            *super().get_urls(),
        ]

    def turns(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was said, asked for every other second by the page."""
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, row):
            return JsonResponse({}, status=403)
        context = {"turns": row.turns.order_by("number")}
        html = render_to_string("assistant/turns.html", context, request)
        return JsonResponse({"html": html, "state": row.state, "count": row.turns_count})

    def act(self, request: HttpRequest, pk: int, what: str) -> HttpResponse:
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method != "POST" or not request.user.has_perm(ANSWER):
            return HttpResponse(status=403)
        try:
            _ACTS[what](row, request)
        except Problem as problem:
            say_problem(request, problem)
        return HttpResponseRedirect(reverse("admin:assistant_conversation_change", args=[pk]))


def _take(row: Conversation, request: HttpRequest) -> None:
    take_over(conversation=str(row.code), user=_staff(request))
    messages.success(request, gettext("You have it. The citizen was told."))


def _write(row: Conversation, request: HttpRequest) -> None:
    text = request.POST.get("text", "")
    say_as_staff(conversation=str(row.code), user=_staff(request), text=text)


def _give(row: Conversation, request: HttpRequest) -> None:
    give_back(conversation=str(row.code), user=_staff(request))
    messages.success(request, gettext("The assistant goes on."))


def _staff(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "the admin lets in staff alone"
    return request.user


_ACTS: dict[str, Callable[[Conversation, HttpRequest], None]] = {
    "take": _take, "write": _write, "give": _give,
}  # fmt: skip
