"""Errors as RFC 9457 problem documents: one class a kind, one renderer for every door.

A problem has a stable `type` (`/problems/<slug>`), a title, a sentence a person understands, and
where a field is at fault its name under `errors`. Members beyond these are `extra`.
"""

import logging
import math
from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg_pool import PoolTimeout
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from apps.base import request_ids

CONTENT_TYPE = "application/problem+json"
logger = logging.getLogger(__name__)

Text = str | Promise


class Problem(Exception):
    """Raise a subclass from a service or a view; every door renders it the same way.

    Args:
        detail: one sentence for the person, in their language; the title serves if left out.
        errors: field name → sentence.
        retry_after_s: seconds after which a repetition may succeed.
        extra: further JSON members.
    """

    slug: ClassVar[str] = "problem"
    status: ClassVar[int] = 400
    title: ClassVar[Text] = gettext_lazy("The request cannot be carried out.")
    do_not_call_in_templates: ClassVar[bool] = True  # the page of problems shows classes

    def __init__(
        self,
        detail: Text = "",
        *,
        errors: Mapping[str, Text] | None = None,
        retry_after_s: int | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(str(detail))
        self.detail = detail
        self.errors = dict(errors or {})
        self.retry_after_s = retry_after_s
        self.extra = extra

    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = {
            "type": f"/problems/{self.slug}",
            "title": str(self.title),
            "status": self.status,
            "detail": str(self.detail or self.title),
            "instance": f"urn:request:{request_ids.current()}",
        }
        if self.errors:
            document["errors"] = [
                {"field": field, "detail": str(text)} for field, text in self.errors.items()
            ]
        return document | self.extra

    def body(self) -> bytes:
        return msgspec.json.encode(self.document(), enc_hook=str)

    def headers(self) -> dict[str, str]:
        headers = {"Content-Type": CONTENT_TYPE}
        if self.retry_after_s is not None:
            headers["Retry-After"] = str(self.retry_after_s)
        return headers

    def response(self) -> HttpResponse:
        return HttpResponse(self.body(), status=self.status, headers=self.headers())


class Invalid(Problem):
    slug, status = "invalid", 400
    title = gettext_lazy("Something in the request is not right.")


class Malformed(Problem):
    slug, status = "malformed", 400
    title = gettext_lazy("The request could not be read.")


class NotSignedIn(Problem):
    slug, status = "not-signed-in", 401
    title = gettext_lazy("Please sign in first.")

    def headers(self) -> dict[str, str]:
        return super().headers() | {"WWW-Authenticate": "Session"}


class NotAllowed(Problem):
    slug, status = "not-allowed", 403
    title = gettext_lazy("You may not do this.")


class NotFound(Problem):
    slug, status = "not-found", 404
    title = gettext_lazy("There is nothing here.")


class MethodNotAllowed(Problem):
    slug, status = "method-not-allowed", 405
    title = gettext_lazy("This address does not understand that method.")


class NotAcceptable(Problem):
    slug, status = "not-acceptable", 406
    title = gettext_lazy("The answer cannot be given in that format.")


class Conflict(Problem):
    slug, status = "conflict", 409
    title = gettext_lazy("This does not fit the present state.")


class TooLarge(Problem):
    slug, status = "too-large", 413
    title = gettext_lazy("That is too much at once.")


class UnsupportedMedia(Problem):
    slug, status = "unsupported-media", 415
    title = gettext_lazy("This kind of content is not understood.")


class TooMany(Problem):
    slug, status = "too-many-requests", 429
    title = gettext_lazy("Too many requests. Please wait a moment.")


class Broken(Problem):
    slug, status = "internal", 500
    title = gettext_lazy("Something went wrong on our side.")


class Unavailable(Problem):
    slug, status = "unavailable", 503
    title = gettext_lazy("A part of the city's system is away. Please try again shortly.")

    def __init__(self, detail: Text = "", *, retry_after_s: int = 5, **extra: Any) -> None:
        super().__init__(detail, retry_after_s=retry_after_s, **extra)


_BY_STATUS: dict[int, type[Problem]] = {
    cls.status: cls
    for cls in (
        Invalid, NotSignedIn, NotAllowed, NotFound, MethodNotAllowed, NotAcceptable, Conflict,
        TooLarge, UnsupportedMedia, TooMany,
    )
}  # fmt: skip


def _flatten(detail: Any, prefix: str = "") -> dict[str, str]:
    """DRF's nested validation detail as field path → sentence."""
    if isinstance(detail, Mapping):
        pairs = (
            (f"{prefix}.{key}" if prefix else str(key), value) for key, value in detail.items()
        )
        return {path: text for key, value in pairs for path, text in _flatten(value, key).items()}
    if isinstance(detail, list):
        if any(isinstance(item, Mapping) for item in detail):
            rows = ((f"{prefix}[{i}]", item) for i, item in enumerate(detail) if item)
            return {path: text for key, row in rows for path, text in _flatten(row, key).items()}
        return {prefix: " ".join(str(item) for item in detail)}
    return {prefix: str(detail)}


def _from_drf(error: exceptions.APIException) -> Problem:
    if isinstance(error, exceptions.ValidationError):
        return Invalid(errors=_flatten(error.detail))
    if isinstance(error, exceptions.ParseError):
        return Malformed(str(error.detail))
    kind = _BY_STATUS.get(error.status_code, Problem)
    wait_s = getattr(error, "wait", None)
    detail = "" if isinstance(error, exceptions.Throttled) else str(error.detail)
    return kind(detail, retry_after_s=None if wait_s is None else math.ceil(wait_s))


def as_problem(error: Exception) -> Problem | None:
    """The problem that `error` means, or None if it is a defect of ours."""
    match error:
        case Problem():
            return error
        case exceptions.APIException():
            return _from_drf(error)
        case Http404():
            return NotFound()
        case PermissionDenied():
            return NotAllowed()
        case OperationalError() | InterfaceError() | PoolTimeout():
            logger.warning("database away: %s", error)
            return Unavailable()
    return None


def handle_exception(error: Exception, _context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler."""
    problem = as_problem(error)
    if problem is None:
        return None
    set_rollback()
    response = Response(problem.document(), status=problem.status, headers=problem.headers())
    response.content_type = CONTENT_TYPE
    return response


def not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:
    return NotFound().response()


def server_error(_request: HttpRequest) -> HttpResponse:
    return Broken(_("Please try again; we have noted what happened.")).response()


def every_problem() -> list[type[Problem]]:
    """All kinds, for the page that explains them."""
    found: list[type[Problem]] = []
    waiting = [Problem]
    while waiting:
        cls = waiting.pop()
        waiting.extend(cls.__subclasses__())
        found.append(cls)
    return sorted(found, key=lambda cls: (cls.status, cls.slug))
