"""Django's door: the request id on every answer, problems where no view answers with them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.base import request_ids
from apps.base.problems import as_problem

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


class ProblemMiddleware:
    """Views that are not DRF's answer with problem documents too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, _request: HttpRequest, error: Exception) -> HttpResponse | None:
        problem = as_problem(error)
        return problem.response() if problem else None
