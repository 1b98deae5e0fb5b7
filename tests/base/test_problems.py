"""Errors as problem documents."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.utils import translation
from rest_framework import exceptions

from apps.base import problems
from apps.base.problems import Conflict, Invalid, NotAllowed, Problem, Unavailable, as_problem


def test_a_problem_says_what_where_and_which_request() -> None:
    with translation.override("en"):
        document = Invalid(errors={"lat": "Out of range."}).document()
    assert document["type"] == "/problems/invalid"
    assert document["status"] == 400
    assert document["detail"] == document["title"] == "Something in the request is not right."
    assert document["errors"] == [{"field": "lat", "detail": "Out of range."}]
    assert document["instance"].startswith("urn:request:")


def test_extra_members_travel_along() -> None:
    assert Conflict("Gone.", version=7).document()["version"] == 7


def test_it_tells_when_to_come_back() -> None:
    assert Unavailable().headers()["Retry-After"] == "5"
    assert Unavailable(retry_after_s=60).headers()["Retry-After"] == "60"


@pytest.mark.parametrize(
    ("error", "slug", "status"),
    [
        (Http404(), "not-found", 404),
        (PermissionDenied(), "not-allowed", 403),
        (exceptions.NotAuthenticated(), "not-signed-in", 401),
        (exceptions.ParseError("no JSON"), "malformed", 400),
        (exceptions.MethodNotAllowed("PUT"), "method-not-allowed", 405),
        (exceptions.UnsupportedMediaType("text/x"), "unsupported-media", 415),
        (exceptions.Throttled(wait=2.5), "too-many-requests", 429),
        (exceptions.ValidationError({"a": ["Wrong."]}), "invalid", 400),
        (NotAllowed(), "not-allowed", 403),
    ],
)
def test_every_known_error_becomes_its_problem(error: Exception, slug: str, status: int) -> None:
    problem = as_problem(error)
    assert problem is not None
    assert (problem.slug, problem.status) == (slug, status)


def test_a_defect_of_ours_is_no_problem_of_theirs() -> None:
    assert as_problem(ZeroDivisionError()) is None


def test_nested_fields_are_named_by_their_path() -> None:
    error = exceptions.ValidationError({"stops": [{}, {"lat": ["Too big."]}], "name": "Missing."})
    problem = as_problem(error)
    assert problem is not None
    assert problem.errors == {"stops[1].lat": "Too big.", "name": "Missing."}


def test_slugs_are_unique_and_stable() -> None:
    slugs = [cls.slug for cls in problems.every_problem()]
    assert len(slugs) == len(set(slugs))


def test_an_unknown_address_answers_with_a_problem() -> None:
    response = Client().get("/no/such/thing", headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["title"] == "There is nothing here."


def test_it_speaks_the_callers_language() -> None:
    english = Client().get("/no/such/thing", headers={"Accept-Language": "en"}).json()["title"]
    korean = Client().get("/no/such/thing", headers={"Accept-Language": "ko"}).json()["title"]
    assert english != korean


def test_the_page_of_problems_explains_every_kind() -> None:
    page = Client().get("/problems/conflict", headers={"Accept-Language": "en"}).content.decode()
    for cls in problems.every_problem():
        assert f"/problems/{cls.slug}" in page


def test_retry_after_of_a_throttled_request_is_whole_seconds() -> None:
    problem = as_problem(exceptions.Throttled(wait=2.5))
    assert isinstance(problem, Problem)
    assert problem.headers()["Retry-After"] == "3"
