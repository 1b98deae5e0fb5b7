"""The lean door."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from apps.base.hot import HotDoor, Request, Response, Route, client_of, close_pool, pool
from apps.base.problems import Invalid
from tests.support.asgi import call

OPERATION: dict[str, Any] = {"responses": {}}


@pytest.fixture(autouse=True)
async def _pool_closed() -> AsyncIterator[None]:
    """Even a read that fails opens the pool, whose workers would keep the event loop alive."""
    yield
    await close_pool()


async def greet(request: Request) -> Response:
    if request.params["name"] == "nobody":
        raise Invalid(errors={"name": "Who?"})
    if request.params["name"] == "defect":
        raise ZeroDivisionError
    if request.params["name"] == "away":
        raise psycopg.OperationalError("server closed the connection")
    return Response.json(
        {"name": request.params["name"], "q": request.query, "n": len(request.body)}
    )


def door(**options: Any) -> HotDoor:
    return HotDoor(
        [
            Route("GET", "/greet/{name}.json", greet, OPERATION, **options),
            Route("POST", "/greet/{name}.json", greet, OPERATION, max_body_bytes=10),
        ]
    )


async def test_it_answers_its_routes_with_parameters_query_and_body() -> None:
    answer = await call(door(), "POST", "/greet/sora.json", query={"a": "1"}, body=b"12345")
    assert answer.status == 200
    assert answer.json() == {"name": "sora", "q": {"a": "1"}, "n": 5}
    assert answer.headers["content-type"] == "application/json"


def test_it_accepts_only_its_own_paths() -> None:
    assert door().accepts("/greet/sora.json")
    assert not door().accepts("/greet/sora.jsonx")
    assert not door().accepts("/greet/a/b.json")
    assert not door().accepts("/api/v1/city")


@pytest.mark.parametrize(
    ("method", "name", "status"),
    [
        ("GET", "nobody", 400),
        ("GET", "defect", 500),
        ("GET", "away", 503),
        ("DELETE", "sora", 405),
    ],
)
async def test_errors_are_problem_documents(method: str, name: str, status: int) -> None:
    answer = await call(door(), method, f"/greet/{name}.json")
    assert answer.status == answer.json()["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    if status == 503:
        assert answer.headers["retry-after"] == "5"


async def test_it_refuses_a_body_over_its_limit() -> None:
    assert (await call(door(), "POST", "/greet/sora.json", body=b"x" * 11)).status == 413


async def test_head_has_the_headers_without_the_body() -> None:
    answer = await call(door(), "HEAD", "/greet/sora.json")
    assert answer.status == 200
    assert answer.body == b""
    assert int(answer.headers["content-length"]) > 0


async def test_the_request_id_of_the_caller_is_kept_if_harmless() -> None:
    kept = await call(door(), "GET", "/greet/a.json", headers={"X-Request-Id": "abc-12345678"})
    assert kept.headers["x-request-id"] == "abc-12345678"
    made = await call(door(), "GET", "/greet/a.json", headers={"X-Request-Id": "<script>"})
    assert made.headers["x-request-id"] != "<script>"


async def test_it_speaks_the_callers_language() -> None:
    titles = {
        language: (
            await call(door(), "GET", "/greet/nobody.json", headers={"Accept-Language": language})
        ).json()["title"]
        for language in ("en-GB,en;q=0.9", "ko", "xx")
    }
    assert titles["en-GB,en;q=0.9"] == "Something in the request is not right."
    assert titles["ko"] == titles["xx"] != titles["en-GB,en;q=0.9"]


async def test_it_limits_the_rate_of_a_client() -> None:
    limited = door(per_minute=1)
    answers = [await call(limited, "GET", "/greet/a.json") for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 429]
    assert int(answers[1].headers["retry-after"]) > 0


async def count(_request: Request) -> Response:
    async with (await pool()).connection() as link:
        row = await (await link.execute("SELECT pg_backend_pid()")).fetchone()
        assert row
        return Response.json({"backend": row[0]})


@pytest.mark.django_db
async def test_a_read_outlives_the_connection_it_would_have_used() -> None:
    counting = HotDoor([Route("GET", "/count", count, OPERATION)])
    backend = (await call(counting, "GET", "/count")).json()["backend"]

    def end_backend() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])

    await sync_to_async(end_backend)()
    answer = await call(counting, "GET", "/count")
    assert answer.status == 200, answer.body
    assert answer.json()["backend"] != backend


async def test_a_client_that_leaves_gets_no_answer_and_does_no_harm() -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/greet/a.json",
        "headers": [],
        "client": None,
    }
    await asyncio.wait_for(door()(scope, receive, send), 5)
    assert not sent


@pytest.mark.parametrize(
    ("proxies", "forwarded", "client"),
    [
        (0, "9.9.9.9", "10.0.0.1"),
        (1, "9.9.9.9", "9.9.9.9"),
        (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"),
        (2, "9.9.9.9, 10.0.0.2", "9.9.9.9"),
        (3, "9.9.9.9", "9.9.9.9"),
    ],
)
def test_only_trusted_proxies_may_say_who_the_client_is(
    settings: Any, proxies: int, forwarded: str, client: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    scope: dict[str, Any] = {
        "client": ("10.0.0.1", 1),
        "headers": [(b"x-forwarded-for", forwarded.encode())],
    }
    assert client_of(scope) == client
