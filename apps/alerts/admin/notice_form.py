"""The form of a notice: its words by language and field instead of one JSON."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from apps.alerts.core.cap import RESPONSES
from apps.alerts.core.texts import DESCRIPTION, HEADLINE, INSTRUCTION
from apps.alerts.models import Notice
from apps.city.admin.maps import MapWidget
from apps.hazards.models import Certainty, Severity, Urgency

WORDS = (
    ("headline", _("Headline"), HEADLINE), ("description", _("What is happening"), DESCRIPTION),
    ("instruction", _("What to do"), INSTRUCTION), ("short", _("Text message"), 160),
)  # fmt: skip


def word_fields() -> list[tuple[str, str, str, Any, int]]:
    """(form field, language, word, label, most letters) of all words."""
    return [
        (f"{word}_{language}", language, word, f"{label} ({name})", most)
        for language, name in settings.LANGUAGES
        for word, label, most in WORDS
    ]


class NoticeForm(forms.ModelForm[Notice]):
    severity = forms.ChoiceField(choices=Severity.choices, widget=UnfoldAdminSelectWidget)
    certainty = forms.ChoiceField(choices=Certainty.choices, widget=UnfoldAdminSelectWidget)
    urgency = forms.ChoiceField(choices=Urgency.choices, widget=UnfoldAdminSelectWidget)
    responses = forms.MultipleChoiceField(
        choices=[(one, one) for one in RESPONSES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=_("what to do"),
    )
    expires_at = forms.SplitDateTimeField(widget=UnfoldAdminSplitDateTimeWidget, label=_("ends at"))

    class Meta:
        model = Notice
        fields = ("geom", "severity", "certainty", "urgency", "responses", "expires_at", "note")
        widgets = {"geom": MapWidget({"geom_type": "MULTIPOLYGON"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = self.instance.texts if self.instance.pk else {}
        for name, language, word, label, most in word_fields():
            widget: forms.Widget = UnfoldAdminTextInputWidget()
            if word in ("description", "instruction"):
                widget = UnfoldAdminTextareaWidget(attrs={"rows": 3})
            self.fields[name] = forms.CharField(
                label=label, max_length=most, required=False, widget=widget,
                initial=texts.get(language, {}).get(word, ""),
            )  # fmt: skip

    def texts(self) -> dict[str, dict[str, str]]:
        """The words as they stand in the form."""
        found: dict[str, dict[str, str]] = {}
        for name, language, word, _label, _most in word_fields():
            found.setdefault(language, {})[word] = self.cleaned_data.get(name, "")
        return found

    def changes(self) -> dict[str, Any]:
        """What `edit_notice` takes. New words come with a moved area unless staff wrote their
        own."""
        names = ("geom", "severity", "certainty", "urgency", "responses", "expires_at", "note")
        changed = {name: self.cleaned_data[name] for name in names if name in self.changed_data}
        words = {name for name, *_rest in word_fields()}
        if words & set(self.changed_data):
            changed["texts"] = self.texts()
        return changed
