"""The lean door: a short list of hot paths answered without Django's request machinery.

A handler is an async function of one `Request` that returns a `Response` or raises a `Problem`; it
reads through this module's own psycopg pool, never the ORM. Each route brings its OpenAPI
operation, because no view introspection sees it. Why: docs/adr (stock Django under ASGI answers a
tenth of what a bare handler does).
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl
from weakref import WeakKeyDictionary

import msgspec
import psycopg
from django.conf import settings
from django.utils import translation
from psycopg_pool import AsyncConnectionPool

from apps.base import request_ids
from apps.base.limits import Bucket
from apps.base.problems import (
    Broken,
    MethodNotAllowed,
    NotFound,
    TooLarge,
    Unavailable,
    as_problem,
)  # fmt: skip

logger = logging.getLogger(__name__)

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class Disconnected(Exception):
    """The client went away before its request was whole."""


@dataclass(frozen=True)
class Request:
    scope: Scope
    params: Mapping[str, str]
    body: bytes

    @cached_property
    def headers(self) -> dict[str, str]:
        return {k.decode("latin-1"): v.decode("latin-1") for k, v in self.scope["headers"]}

    @cached_property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.scope["query_string"].decode("latin-1"), keep_blank_values=True))


@dataclass(frozen=True)
class Response:
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: Any, *, status: int = 200, **headers: str) -> "Response":
        return cls(
            msgspec.json.encode(value, enc_hook=str),
            status,
            {"Content-Type": "application/json", **headers},
        )


Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Route:
    """One hot path: `path` with `{name}` parts, `operation` as OpenAPI writes it."""

    method: str
    path: str
    handler: Handler
    operation: Mapping[str, Any]
    max_body_bytes: int = 0
    per_minute: int = 6000

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(
            re.sub(
                r"\{(\w+)\}",
                r"(?P<\1>[^/]+)",
                re.escape(self.path).replace(r"\{", "{").replace(r"\}", "}"),
            )
        )


# ---------------------------------------------------------------- database

_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncConnectionPool] = WeakKeyDictionary()


async def pool() -> AsyncConnectionPool:
    """This event loop's pool of autocommitting connections."""
    loop = asyncio.get_running_loop()
    if loop not in _pools:
        opened = AsyncConnectionPool(
            _conninfo(), min_size=0, max_size=8, timeout=5, open=False, kwargs={"autocommit": True}
        )
        _pools[loop] = opened
        await opened.open()
    return _pools[loop]


async def close_pool() -> None:
    closing = _pools.pop(asyncio.get_running_loop(), None)
    if closing:
        await closing.close()


def _conninfo() -> str:
    """The database Django uses at this moment, so that tests read their own."""
    database = settings.DATABASES["default"]
    return psycopg.conninfo.make_conninfo(
        dbname=database["NAME"],
        user=database.get("USER") or None,
        password=database.get("PASSWORD") or None,
        host=database.get("HOST") or None,
        port=database.get("PORT") or None,
    )


# ---------------------------------------------------------------- the door


class HotDoor:
    """Answers the routes it knows; `accepts` says whether a scope is one of them."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self._prefixes = tuple({route.path.split("{")[0] for route in self.routes})
        self._buckets = {
            (route.method, route.path): Bucket(route.per_minute) for route in self.routes
        }

    def accepts(self, path: str) -> bool:
        return path.startswith(self._prefixes) and any(
            route.pattern.fullmatch(path) for route in self.routes
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        request_id = request_ids.accept(headers.get(b"x-request-id", b"").decode("latin-1"))
        request_ids.use(request_id)
        with translation.override(
            _language(headers.get(b"accept-language", b"").decode("latin-1"))
        ):
            try:
                response = await self._answer(scope, receive)
            except Disconnected:
                return
            except Exception as error:  # the last door before the wire
                response = _as_response(error)
        await _send(send, response, request_id, with_body=scope["method"] != "HEAD")

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        route, params = self._find(scope["path"], scope["method"])
        self._buckets[route.method, route.path].take(client_of(scope))
        request = Request(scope, params, await _read_body(receive, route.max_body_bytes))
        try:
            return await route.handler(request)
        except psycopg.OperationalError:
            if route.method != "GET":
                raise
            # PostgreSQL came back, but this connection did not: drop the dead ones, read again.
            await (await pool()).check()
            return await route.handler(request)

    def _find(self, path: str, method: str) -> tuple[Route, Mapping[str, str]]:
        wanted = "GET" if method == "HEAD" else method
        found = False
        for route in self.routes:
            if match := route.pattern.fullmatch(path):
                if route.method == wanted:
                    return route, match.groupdict()
                found = True
        raise MethodNotAllowed if found else NotFound


def client_of(scope: Scope) -> str:
    """The client's address, through as many proxies as the operator trusts."""
    hops = [scope["client"][0] if scope.get("client") else "-"]
    for name, value in scope["headers"]:
        if name == b"x-forwarded-for":
            hops = [part.strip() for part in value.decode("latin-1").split(",")] + hops
    return hops[max(-len(hops), -1 - settings.TRUSTED_PROXIES)]


def _language(accepted: str) -> str:
    for part in accepted.split(","):
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code in dict(settings.LANGUAGES):
            return code
    return settings.LANGUAGE_CODE


async def _read_body(receive: Receive, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise TooLarge
        if not message.get("more_body"):
            return b"".join(parts)


def _as_response(error: Exception) -> Response:
    problem = Unavailable() if isinstance(error, psycopg.OperationalError) else as_problem(error)
    if problem is None:
        logger.error("hot path failed", exc_info=error)
        problem = Broken()
    return Response(problem.body(), problem.status, problem.headers())


async def _send(send: Send, response: Response, request_id: str, *, with_body: bool) -> None:
    headers = {
        "Content-Length": str(len(response.body)),
        "X-Content-Type-Options": "nosniff",
        "X-Request-Id": request_id,
        **response.headers,
    }
    if response.status == 304:
        del headers["Content-Length"]
    await send(
        {
            "type": "http.response.start",
            "status": response.status,
            "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": response.body if with_body else b""})
