"""Sources that are kept in touch with, and how it goes."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminPasswordWidget

from apps.base.admin import AuditedModelAdmin, NamesMixin
from apps.base.problems import Problem
from apps.base.sealing import seal
from devices.adapters.linked import adapters
from devices.admin.kinds import ChoosesKind
from devices.models import LinkedSource
from devices.services.linking import check_settings


class LinkedSourceForm(forms.ModelForm[LinkedSource]):
    secret = forms.CharField(
        label=_("secret"), required=False, widget=UnfoldAdminPasswordWidget(),
        help_text=_("Never shown again. Empty: it stays as it is."),
    )  # fmt: skip

    class Meta:
        model = LinkedSource
        fields = ("code", "names", "kind", "host", "port", "config", "gateway", "active")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        try:
            check_settings(kind=cleaned.get("kind", ""), config=cleaned.get("config") or {})
        except Problem as problem:
            for name, text in problem.errors.items():
                self.add_error(name if name in self.fields else None, str(text))
        return cleaned


@admin.register(LinkedSource)
class LinkedSourceAdmin(ChoosesKind, NamesMixin, AuditedModelAdmin):
    adapters = adapters
    form = LinkedSourceForm
    list_display = ("code", "kind", "gateway", "state", "told_at", "stored")
    list_filter = ("kind", "active")
    list_select_related = ("gateway",)
    search_fields = ("code", "names", "host")
    fields = (
        "code", "names", "kind", "host", "port", "secret", "config", "gateway", "active",
        "told_at", "trouble", "counts",
    )  # fmt: skip
    readonly_fields = ("told_at", "trouble", "counts")

    def save_model(self, request: HttpRequest, obj: LinkedSource, form: Any, change: bool) -> None:
        if form.cleaned_data.get("secret"):
            obj.secret_sealed = seal(form.cleaned_data["secret"])
        super().save_model(request, obj, form, change)

    @display(description=_("state"), label={"ok": "success", "off": "info", "bad": "danger"})
    def state(self, source: LinkedSource) -> tuple[str, Any]:
        if not source.active:
            return "off", _("off")
        if source.trouble:
            return "bad", source.trouble[:60]
        return ("ok", _("tells")) if source.told_at else ("off", _("not heard yet"))

    @admin.display(description=_("stored"))
    def stored(self, source: LinkedSource) -> int:
        return int(source.counts.get("stored", 0))
