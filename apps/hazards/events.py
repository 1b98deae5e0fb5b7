"""What hazards announces, and where others may join in.

A listener is `(assessment code) -> None`, called in the transaction that wrote the assessment: it
does one small thing, such as writing a work row.

A button is what a staff member can do next with an assessment. It stands on the assessment's page
for whoever has its permission.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from apps.base.registry import Registry

Listener = Callable[[str], None]


@dataclass(frozen=True)
class Button:
    """`press` takes the request and the assessment, does it, and says where to go; it is asked only
    for those with the permission."""

    label: str | Promise
    permission: str
    press: Callable[[HttpRequest, Any], HttpResponse]


assessment_listeners: Registry[Listener] = Registry("assessment listener")
assessment_buttons: Registry[Button] = Registry("button of an assessment")
