"""A list that staff hand in by the browser, and what became of each of its rows."""

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget

from apps.base.lists import UnreadableList
from apps.city.models import ImportRun

SUFFIXES = (".csv", ".json", ".geojson")
SHOWN_ERRORS = 500


class ListForm(forms.Form):
    file = forms.FileField(label=_("CSV or GeoJSON file"), widget=UnfoldAdminFileFieldWidget())

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if Path(file.name).suffix.lower() not in SUFFIXES:
            raise forms.ValidationError(_("The file's name ends in .csv, .json or .geojson."))
        return file


class TakesLists:
    """For a ModelAdmin: a button above the list, a form, and the report of the run.

    `take_list` gets the file and what the form asked beside it.
    """

    actions_list = ("take_in_list",)
    list_form: type[ListForm] = ListForm
    list_help: Any = ""

    def take_list(self, path: Path, asked: dict[str, Any], actor: str) -> ImportRun:
        raise NotImplementedError

    def has_take_in_list_permission(self, request: HttpRequest) -> bool:
        return bool(
            request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")  # type: ignore[attr-defined]
        )

    @action(
        description=_("Take in a list"), url_path="take-in-list", permissions=["take_in_list"],
        icon="upload_file",
    )  # fmt: skip
    def take_in_list(self, request: HttpRequest) -> HttpResponse:
        if not self.has_take_in_list_permission(request):
            raise PermissionDenied
        form = self.list_form(request.POST or None, request.FILES or None)
        run = None
        if request.method == "POST" and form.is_valid():
            try:
                run = self._take(form.cleaned_data, str(request.user))
            except UnreadableList as error:
                form.add_error("file", str(error))
        return self._page(request, form, run)

    def _take(self, asked: dict[str, Any], actor: str) -> ImportRun:
        file = asked.pop("file")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"list{Path(file.name).suffix.lower()}"
            path.write_bytes(b"".join(file.chunks()))
            run = self.take_list(path, asked | {"source": file.name}, actor)
        return run

    def _page(self, request: HttpRequest, form: forms.Form, run: ImportRun | None) -> HttpResponse:
        return TemplateResponse(
            request,
            "city/take_in_list.html",
            {
                **self.admin_site.each_context(request),  # type: ignore[attr-defined]
                "title": _("Take in a list"),
                "opts": self.opts,  # type: ignore[attr-defined]
                "form": form,
                "help": self.list_help,
                "run": run,
                "errors": run.errors[:SHOWN_ERRORS] if run else [],
            },
        )
