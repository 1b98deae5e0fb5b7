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
from unfold.decorators import display

from apps.assistant.models import Call, CallTurn, OutboundCall, RecordingAccess
from apps.assistant.services.dialogue.sayings import LANGUAGE_NAMES
from apps.assistant.speech.core.wave import write_wave
from apps.assistant.voice.records import TO_HEAR, listen_to
from apps.base import clock
from apps.base.admin import ReadOnly

HEAR = "assistant.hear_recording"
_ENDINGS = {
    "hang-up": _("the caller hung up"),
    "said goodbye": _("we said goodbye"),
    "silence": _("nobody spoke"),
    "flood": _("a flood of keys"),
    "trouble": _("a defect of ours"),
    "too long": _("it took too long"),
    "put through": _("put through to a person"),
    "the line was cut": _("the line was cut"),
    "the service was restarted": _("the service was restarted"),
    "not placed": _("nobody was reached"),
}
_TO_HEAR = Q(turns__understood__in=(CallTurn.Understood.NOT, CallTurn.Understood.DRAFT))


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


class TurnsInline(TabularInline):
    model = CallTurn
    hide_title = True
    fields = readonly_fields = ("number", "when", "said", "state", "heard_by", "player", "report")
    extra = 0
    can_delete = False
    show_change_link = False
    ordering = ("number",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[CallTurn]:
        rows: QuerySet[CallTurn] = super().get_queryset(request)
        return rows.select_related("request", "call")

    @admin.display(description=_("after"))
    def when(self, row: CallTurn) -> str:
        """How far into the call."""
        return _minutes((row.at - (row.call.answered_at or row.call.began_at)).total_seconds())

    @admin.display(description=_("said or pressed"))
    def said(self, row: CallTurn) -> str:
        if row.kind == CallTurn.Kind.KEYS:
            return gettext("keys %s") % row.digits
        return row.transcript or "—"

    @admin.display(description=_("understood"))
    def state(self, row: CallTurn) -> str:
        """What somebody has to listen to stands out."""
        if row.kind != CallTurn.Kind.VOICE:
            return ""
        told = row.get_understood_display()
        return format_html("<strong>{}</strong>", told) if row.understood in TO_HEAR else told

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
        "began_at", "number", "state", "lasted", "turns_said", "to_hear", "spoken",
        "ending",
    )  # fmt: skip
    list_filter = (ToHearFilter, "state", "direction", "provider", "language", "consent")
    date_hierarchy = "began_at"
    search_fields = ("code",)
    readonly_fields = (
        "name", "number", "provider", "direction", "state", "spoken", "consent", "began_at",
        "lasted", "ending", "talk",
    )  # fmt: skip
    fields = (
        ("name", "number"),
        ("began_at", "lasted"),
        ("state", "ending"),
        ("direction", "provider"),
        ("spoken", "consent"),
        "talk",
    )
    inlines = (TurnsInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Call]:
        rows: QuerySet[Call] = super().get_queryset(request)
        return rows.select_related("conversation").annotate(
            turns_count=Count("turns", distinct=True),
            to_hear_count=Count("turns", filter=_TO_HEAR, distinct=True),
        )

    @admin.display(description=_("number"))
    def number(self, row: Call) -> str:
        return row.masked_caller

    @admin.display(description=_("call"))
    def name(self, row: Call) -> str:
        """As notes on reports name it."""
        return str(row.code)[:8]

    @admin.display(description=_("language"), ordering="language")
    def spoken(self, row: Call) -> str:
        return LANGUAGE_NAMES.get(row.language, row.language)

    @admin.display(description=_("lasted"))
    def lasted(self, row: Call) -> str:
        if row.answered_at is None:
            return ""
        return _minutes(((row.ended_at or clock.now()) - row.answered_at).total_seconds())

    @admin.display(description=_("ended because"), ordering="ended_because")
    def ending(self, row: Call) -> str:
        return str(_ENDINGS.get(row.ended_because, row.ended_because))

    @admin.display(description=_("conversation"))
    def talk(self, row: Call) -> str:
        """Both sides of it, as it was understood."""
        if row.conversation is None:
            return ""
        page = reverse("admin:assistant_conversation_change", args=[row.conversation.pk])
        return format_html('<a href="{}" class="underline">{}</a>', page, gettext("read"))

    @admin.display(description=_("turns"))
    def turns_said(self, row: Any) -> int:
        return int(row.turns_count)

    @display(description=_("to be listened to"), label="warning")
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
