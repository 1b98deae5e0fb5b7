"""The kind of a source or a camera: chosen among the adapters that are registered."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget

from apps.base.registry import Registry


class ChoosesKind(ModelAdmin):
    adapters: ClassVar[Registry[Any]]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "kind":
            return forms.ChoiceField(
                label=capfirst(_("kind")),
                choices=[(kind, kind) for kind in self.adapters.kinds()],
                widget=UnfoldAdminSelectWidget(),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)
