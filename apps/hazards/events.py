"""What hazards announces, and where others may join in.

A listener is `(assessment code) -> None`, called in the transaction that wrote the assessment: it
does one small thing, such as writing a work row.

A button is what a staff member can do next with an assessment: a function
`(admin, request, object_id) -> HttpResponse` under unfold's `@action`, which names it and the
permission it needs. It stands on the assessment's page for whoever has that permission.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.base.registry import Registry

Listener = Callable[[str], None]
Button = Callable[[object, HttpRequest, int], HttpResponse]

assessment_listeners: Registry[Listener] = Registry("assessment listener")
assessment_buttons: Registry[Button] = Registry("button of an assessment")
