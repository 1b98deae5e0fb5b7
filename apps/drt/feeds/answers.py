"""What every published file has: an ETag over its content, and how long it may be kept."""

from hashlib import sha256
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag


def answer(
    request: HttpRequest,
    content: bytes,
    *,
    content_type: str,
    ttl_s: int,
    etag_of: bytes | None = None,
) -> HttpResponse:
    """The content, or 304 where the caller has it already.

    `etag_of` is what tells one edition from the next where the content itself also says when it was
    written.
    """
    etag = quote_etag(sha256(content if etag_of is None else etag_of).hexdigest()[:32])
    found = get_conditional_response(request, etag=etag)
    response = found or HttpResponse(content, content_type=content_type)
    assert isinstance(response, HttpResponse)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={ttl_s}"
    response["Access-Control-Allow-Origin"] = "*"  # open data: maps of others may read it
    return response


def answer_json(request: HttpRequest, document: Any, *, ttl_s: int, edition: Any) -> HttpResponse:
    return answer(
        request,
        msgspec.json.encode(document, enc_hook=str),
        content_type="application/json",
        ttl_s=ttl_s,
        etag_of=msgspec.json.encode(edition, enc_hook=str),
    )
