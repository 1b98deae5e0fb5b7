"""Sources that are asked, and how it went."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.base import clock
from apps.base.admin import AuditedModelAdmin, NamesMixin
from devices.adapters.pulled import adapters
from devices.admin.kinds import ChoosesKind
from devices.models import PullSource
from devices.services.pulling import pull, seal_headers


class PullSourceForm(forms.ModelForm[PullSource]):
    headers = forms.JSONField(
        label=_("headers"), required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Sent with each question, such as a key: names and values as JSON. "
                    "Never shown again. Empty: they stay as they are; {}: none."),
    )  # fmt: skip

    class Meta:
        model = PullSource
        fields = ("code", "names", "kind", "url", "gateway", "every_s", "active")

    def clean_headers(self) -> dict[str, str] | None:
        headers = self.cleaned_data["headers"]
        if headers is None:
            return None
        if not isinstance(headers, dict) or not all(
            isinstance(value, str) for value in headers.values()
        ):
            raise forms.ValidationError(_("Names and values as JSON, please."))
        return headers


@admin.register(PullSource)
class PullSourceAdmin(ChoosesKind, NamesMixin, AuditedModelAdmin):
    adapters = adapters
    form = PullSourceForm
    list_display = ("code", "kind", "gateway", "state", "answered_at", "stored", "refused")
    list_filter = ("kind", "active")
    list_select_related = ("gateway",)
    search_fields = ("code", "names", "url")
    fields = (
        "code", "names", "kind", "url", "headers", "gateway", "every_s", "active", "answered_at",
        "trouble", "counts", "report",
    )  # fmt: skip
    readonly_fields = ("answered_at", "trouble", "counts", "report")
    actions = ("ask_now",)

    def save_model(self, request: HttpRequest, obj: PullSource, form: Any, change: bool) -> None:
        if (headers := form.cleaned_data.get("headers")) is not None:
            obj.headers_sealed = seal_headers(headers)
        obj.due_at, obj.etag, obj.known = clock.now(), "", ""
        super().save_model(request, obj, form, change)

    @display(description=_("state"), label={"ok": "success", "off": "info", "bad": "danger"})
    def state(self, source: PullSource) -> tuple[str, Any]:
        if not source.active:
            return "off", _("off")
        return ("bad", source.trouble[:60]) if source.trouble else ("ok", _("answers"))

    @admin.display(description=_("stored"))
    def stored(self, source: PullSource) -> int:
        return int(source.counts.get("stored", 0))

    @admin.display(description=_("refused"))
    def refused(self, source: PullSource) -> int:
        return len(source.errors)

    @admin.display(description=_("error report"))
    def report(self, source: PullSource) -> SafeString | str:
        if not source.errors:
            return "–"
        rows = format_html_join(
            "",
            "<tr><td>{}</td><td>{}</td></tr>",
            ((error["item"], error["reason"]) for error in source.errors),
        )
        return format_html("<table>{}</table>", rows)

    @admin.action(description=_("Ask now"), permissions=["change"])
    def ask_now(self, request: HttpRequest, rows: QuerySet[PullSource]) -> None:
        for source in rows.select_related("gateway"):
            if pull(source):
                messages.success(request, _("%s answered.") % source)
            else:
                source.refresh_from_db()
                messages.error(request, f"{source}: {source.trouble}")
