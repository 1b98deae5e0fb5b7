"""Calls: what was said, turn by turn, with the recordings. Who listens is written down."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from apps.assistant.models import Call, CallTurn, OutboundCall, RecordingAccess
from apps.assistant.speech.core.wave import write_wave
from apps.assistant.voice.records import listen_to
from apps.base.admin import ReadOnly

HEAR = "assistant.hear_recording"
_TO_HEAR = Q(turns__understood__in=(CallTurn.Understood.NOT, CallTurn.Understood.DRAFT))


class TurnsInline(TabularInline):
    model = CallTurn
    fields = readonly_fields = ("number", "at", "said", "state", "heard_by", "player", "report")
    extra = 0
    can_delete = False
    show_change_link = False
    ordering = ("number",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[CallTurn]:
        rows: QuerySet[CallTurn] = super().get_queryset(request)
        return rows.select_related("request", "call")

    @admin.display(description=_("said or pressed"))
    def said(self, row: CallTurn) -> str:
        if row.kind == CallTurn.Kind.KEYS:
            return gettext("keys %s") % row.digits
        return row.transcript or "—"

    @admin.display(description=_("understood"))
    def state(self, row: CallTurn) -> str:
        return row.get_understood_display() if row.kind == CallTurn.Kind.VOICE else ""

    @admin.display(description=_("engine"))
    def heard_by(self, row: CallTurn) -> str:
        if not row.engine or row.confidence is None:
            return ""
        return f"{row.engine} {row.confidence:.0%}"

    @admin.display(description=_("recording"))
    def player(self, row: CallTurn) -> str:
        """Loaded only when somebody presses play: looking at the page is not listening."""
        if not row.recorded_ms:
            return ""
        source = reverse("admin:assistant_call_recording", args=[row.call_id, row.number])
        player = '<audio controls preload="none" src="{}" aria-label="{}"></audio>'
        return format_html(player, source, gettext("turn %d") % row.number)

    @admin.display(description=_("attached to"))
    def report(self, row: CallTurn) -> str:
        if row.request is None:
            return ""
        page = reverse("admin:complaints_servicerequest_change", args=[row.request.pk])
        return format_html('<a href="{}" class="underline">{}</a>', page, row.request.number)


class ToHearFilter(admin.SimpleListFilter):
    """Calls in which something was said that no machine understood."""

    title = _("to be listened to")
    parameter_name = "to_hear"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("yes"))]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(_TO_HEAR).distinct() if self.value() == "yes" else rows


@admin.register(Call)
class CallAdmin(ReadOnly):
    list_display = (
        "began_at", "number", "provider", "direction", "state", "turns_said", "to_hear",
        "language", "ended_because",
    )  # fmt: skip
    list_filter = (ToHearFilter, "state", "direction", "provider", "language", "consent")
    date_hierarchy = "began_at"
    search_fields = ("code",)
    fields = readonly_fields = (
        "code", "number", "provider", "direction", "state", "language", "consent", "began_at",
        "answered_at", "ended_at", "ended_because",
    )  # fmt: skip
    inlines = (TurnsInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Call]:
        rows: QuerySet[Call] = super().get_queryset(request)
        return rows.annotate(
            turns_count=Count("turns", distinct=True),
            to_hear_count=Count("turns", filter=_TO_HEAR, distinct=True),
        )

    @admin.display(description=_("number"))
    def number(self, row: Call) -> str:
        return row.masked_caller

    @admin.display(description=_("turns"))
    def turns_said(self, row: Any) -> int:
        return int(row.turns_count)

    @admin.display(description=_("to be listened to"))
    def to_hear(self, row: Any) -> str:
        return str(row.to_hear_count) if row.to_hear_count else ""

    def get_urls(self) -> list[Any]:
        recording = path(
            "<int:call>/turns/<int:number>.wav",
            self.admin_site.admin_view(self.hear),
            name="assistant_call_recording",
        )
        return [recording, *super().get_urls()]

    def hear(self, request: HttpRequest, call: int, number: int) -> HttpResponse:
        """One turn's recording, for who may; written down first."""
        if not request.user.has_perm(HEAR):
            raise PermissionDenied
        turn = get_object_or_404(CallTurn.objects.select_related("call"), call=call, number=number)
        audio = listen_to(turn=turn, actor=request.user.get_username())
        response = HttpResponse(write_wave(audio), content_type="audio/wav")
        response["Cache-Control"] = "no-store"
        return response


@admin.register(OutboundCall)
class OutboundCallAdmin(ReadOnly):
    list_display = ("created_at", "key", "language", "state", "attempts")
    list_filter = ("state", "language")
    search_fields = ("key",)
    fields = readonly_fields = ("key", "language", "speech", "state", "attempts", "created_at")


@admin.register(RecordingAccess)
class RecordingAccessAdmin(ReadOnly):
    list_display = ("at", "actor", "call_code", "turn_number")
    search_fields = ("actor", "call_code")
    date_hierarchy = "at"
