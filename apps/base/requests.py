"""The request id at Django's door: middleware, and a filter that puts it on every log line."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.base import request_ids

HEADER = "X-Request-Id"


class RequestIdMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request_ids.accept(request.headers.get(HEADER))
        request_ids.use(request_id)
        response = self.get_response(request)
        response[HEADER] = request_id
        return response


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_ids.current()
        return True
