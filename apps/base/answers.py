"""What every published document has: an ETag over its content, how long it may be kept, and 304 for
whoever has it already."""

from hashlib import sha256
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag


def etag_over(content: bytes) -> str:
    return quote_etag(sha256(content).hexdigest()[:32])


def is_known(if_none_match: str | None, etag: str) -> bool:
    """Whether a client has this edition (RFC 9110 §13.1.2, weak comparison)."""
    strong = etag.removeprefix("W/")
    return any(
        part.strip() == "*" or part.strip().removeprefix("W/") == strong
        for part in (if_none_match or "").split(",")
    )


def tagged(
    request: HttpRequest, response: HttpResponse, *, ttl_s: int, etag_of: bytes | None = None
) -> HttpResponse:
    """The response with its ETag, or 304 where the caller has it already.

    `etag_of` is what tells one edition from the next where the content itself also says when it was
    written.
    """
    if response.status_code != 200:
        return response
    etag = etag_over(response.content if etag_of is None else etag_of)
    found = get_conditional_response(request, etag=etag) or response
    assert isinstance(found, HttpResponse)
    found["ETag"] = etag
    found["Cache-Control"] = f"public, max-age={ttl_s}"
    found["Access-Control-Allow-Origin"] = "*"  # open data: maps of others may read it
    return found


def answer(
    request: HttpRequest,
    content: bytes,
    *,
    content_type: str,
    ttl_s: int,
    etag_of: bytes | None = None,
) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    return tagged(request, response, ttl_s=ttl_s, etag_of=etag_of)


def answer_json(
    request: HttpRequest,
    document: Any,
    *,
    ttl_s: int,
    edition: Any,
    content_type: str = "application/json",
) -> HttpResponse:
    return answer(
        request,
        msgspec.json.encode(document, enc_hook=str),
        content_type=content_type,
        ttl_s=ttl_s,
        etag_of=msgspec.json.encode(edition, enc_hook=str),
    )
