"""What staff fill in on a request's page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from apps.accounts.models import Department, Person
from apps.complaints.models import Service

SHORT = {"rows": 3}


class MoveForm(forms.Form):
    """One step of the table of moves, with what has to be said."""

    after = forms.ChoiceField(label=_("next step"), widget=UnfoldAdminSelectWidget)
    template = forms.ChoiceField(
        label=_("template"), required=False, widget=UnfoldAdminSelectWidget,
        help_text=_("In the citizen's language; taken if nothing is written below."),
    )  # fmt: skip
    public_note = forms.CharField(
        label=_("said to the reporter"), required=False, max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs=SHORT),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("reason, for the file"), required=False, max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs=SHORT),
    )  # fmt: skip

    def __init__(
        self, *args: Any, ways: list[tuple[str, Any]], templates: list[tuple[str, str]], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.fields["after"].choices = ways  # type: ignore[attr-defined]
        self.fields["template"].choices = [("", "–"), *templates]  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    department = forms.ModelChoiceField(
        Department.objects.filter(is_active=True), label=_("department"),
        widget=UnfoldAdminSelectWidget,
    )  # fmt: skip
    assignee = forms.ModelChoiceField(
        Person.objects.filter(user__is_staff=True), label=_("assigned to"), required=False,
        widget=UnfoldAdminSelectWidget,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("reason"), required=False, max_length=1000, widget=UnfoldAdminTextInputWidget
    )


class ServiceForm(forms.Form):
    service = forms.ModelChoiceField(
        Service.objects.filter(is_active=True), label=_("service"), to_field_name="service_code",
        widget=UnfoldAdminSelectWidget,
    )  # fmt: skip


class SplitForm(forms.Form):
    text = forms.CharField(
        label=_("the part, in its own words"), max_length=4000,
        widget=UnfoldAdminTextareaWidget(attrs=SHORT),
    )  # fmt: skip
    service = forms.ModelChoiceField(
        Service.objects.filter(is_active=True), label=_("service"), to_field_name="service_code",
        widget=UnfoldAdminSelectWidget,
    )  # fmt: skip


class MergeForm(forms.Form):
    original = forms.CharField(
        label=_("number of the one it repeats"), max_length=40, widget=UnfoldAdminTextInputWidget
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("what for"), max_length=300, widget=UnfoldAdminTextInputWidget)


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("note for colleagues"), max_length=4000,
        widget=UnfoldAdminTextareaWidget(attrs=SHORT),
    )  # fmt: skip
