"""Every decision, of every junction."""

from django.contrib import admin

from apps.base.admin import ReadOnly
from apps.traffic.models import SignalCommand


@admin.register(SignalCommand)
class SignalCommandAdmin(ReadOnly):
    """Read only: commands are appended by the process."""

    list_display = (
        "at",
        "junction",
        "stage",
        "wanted",
        "why",
        "cost",
        "cost_of_staying",
        "outcome",
    )
    list_filter = ("outcome", "junction")
    list_select_related = ("junction",)
    date_hierarchy = "at"
