"""Import runs with their error report."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.base.admin import ReadOnly
from apps.city.models import ImportRun

SHOWN_ERRORS = 500


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly):
    list_display = ("started_at", "kind", "source", "state", "ended_at", "error_count")
    list_filter = ("kind", "state")
    search_fields = ("source",)
    fields = ("kind", "source", "state", "started_at", "ended_at", "counts", "report")
    readonly_fields = ("report",)

    @admin.display(description=_("errors"))
    def error_count(self, run: ImportRun) -> int:
        return len(run.errors)

    @admin.display(description=_("error report"))
    def report(self, run: ImportRun) -> SafeString | str:
        if not run.errors:
            return "–"
        rows = format_html_join(
            "",
            "<tr><td>{}</td><td>{}</td></tr>",
            ((e.get("place", ""), e.get("reason", "")) for e in run.errors[:SHOWN_ERRORS]),
        )
        return format_html("<table>{}</table>", rows)
