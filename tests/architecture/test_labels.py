"""What staff read above columns and beside fields has a Korean name, made for them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import translation

from apps.accounts.models import User

pytestmark = pytest.mark.django_db
OURS = [model for model in admin.site._registry if model.__module__.startswith(("apps", "devices"))]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_it_is_named_in_korean(model: type[Model], rf: RequestFactory) -> None:
    request = rf.get("/admin/")
    request.user = User(is_superuser=True, is_active=True, is_staff=True)
    shown = admin.site._registry[model]
    with translation.override("ko"):
        names = {*_names(shown, request), *_inline_names(shown, request)}
    assert {
        name for name in names if re.search(r"[a-z]{2}", name) and not _is_korean(name)
    } == set()


def _is_korean(text: str) -> bool:
    return bool(re.search("[가-힣]", text))


def _names(shown: Any, request: HttpRequest) -> Iterator[str]:
    fields = (*shown.get_list_display(request), *flatten_fieldsets(shown.get_fieldsets(request)))
    yield from _labels(fields, shown.model, shown)
    yield from (str(words) for __, ___, words in shown.get_actions(request).values())


def _inline_names(shown: Any, request: HttpRequest) -> Iterator[str]:
    for kind in shown.inlines:
        inline = kind(shown.model, admin.site)
        yield str(inline.verbose_name_plural)
        yield from _labels(flatten_fieldsets(inline.get_fieldsets(request)), inline.model, inline)


def _labels(fields: Any, model: type[Model], shown: Any) -> Iterator[str]:
    yield from (str(model._meta.verbose_name), str(model._meta.verbose_name_plural))
    for field in fields:
        try:
            yield str(label_for_field(field, model, shown))
        except (AttributeError, FieldDoesNotExist):
            continue  # a form's own field, named by the form
