"""What an answer of FCM's HTTP v1 API means: one table for every error it names.

| status | errorCode              | verdict                                                     |
|-------:|------------------------|-------------------------------------------------------------|
|    200 |                        | accepted                                                    |
|    400 | INVALID_ARGUMENT       | the token's shape: gone; anything else: stop the message    |
|    401 | THIRD_PARTY_AUTH_ERROR | the APNs or web push key is wrong: later, page staff        |
|    401 | (access token)         | sign in again, then as below                                |
|    403 | SENDER_ID_MISMATCH     | gone                                                        |
|    403 | (any other)            | the account may not send: pause all, page staff             |
|    404 | UNREGISTERED           | gone                                                        |
|    404 | (any other)            | no such project: pause all, page staff                      |
|    429 | QUOTA_EXCEEDED         | pause all for Retry-After, else a minute; one device's      |
|        |                        | quota holds up that device alone                            |
|    500 | INTERNAL               | later, doubling                                             |
|    503 | UNAVAILABLE            | later, for Retry-After, else doubling                       |
|  other | 3xx, 5xx               | later, doubling: a portal or a proxy stands in between      |
|  other | 4xx                    | refused                                                     |

Names as the reference of `FcmError.ErrorCode` has them.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from apps.notify.core.outcomes import ACCEPTED, Outcome, Verdict, later

UNAUTHENTICATED = "unauthenticated"
QUOTA_PAUSE = timedelta(minutes=1)
TROUBLE_PAUSE = timedelta(minutes=1)


def judge(
    status: int, body: bytes, retry_after: str | None, *, now: datetime, attempt: int, jitter: float
) -> Outcome:
    """The verdict on one answer."""
    if status == 200:
        return ACCEPTED
    error = _error_in(body)
    code = _code_of(error)
    asked = read_retry_after(retry_after, now=now)
    match status:
        case 400:
            return _bad_request(error)
        case 401 if code == "THIRD_PARTY_AUTH_ERROR":
            return Outcome(Verdict.LATER, code.lower(), after=TROUBLE_PAUSE, alarm=True)
        case 401:
            return Outcome(Verdict.LATER, UNAUTHENTICATED, pause=TROUBLE_PAUSE, alarm=True)
        case 403 if code == "SENDER_ID_MISMATCH":
            return Outcome(Verdict.GONE, code.lower())
        case 404 if code == "UNREGISTERED":
            return Outcome(Verdict.GONE, code.lower())
        case 403 | 404:
            reason = (code or f"http_{status}").lower()
            return Outcome(Verdict.LATER, reason, pause=TROUBLE_PAUSE, alarm=True)
        case 429 if _is_of_device(error):
            return later("device_quota", attempt=attempt, jitter=jitter, asked=asked or QUOTA_PAUSE)
        case 429:
            pause = asked or QUOTA_PAUSE
            return Outcome(Verdict.LATER, "quota_exceeded", after=pause, pause=pause)
    if status >= 500 or 300 <= status < 400:
        reason = (code or f"http_{status}").lower()
        return later(reason, attempt=attempt, jitter=jitter, asked=asked)
    return Outcome(Verdict.REFUSED, (code or f"http_{status}").lower())


def read_retry_after(text: str | None, *, now: datetime) -> timedelta | None:
    """Seconds or an HTTP date (RFC 9110, 10.2.3); None if it says nothing of use."""
    if not text:
        return None
    if text.strip().isdigit():
        return timedelta(seconds=int(text))
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(at - now, timedelta())


def _error_in(body: bytes) -> Mapping[str, Any]:
    """The error object; empty for what is no JSON, as a proxy's HTML page."""
    try:
        found = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _details(error: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in error.get("details") or () if isinstance(one, dict)]


def _code_of(error: Mapping[str, Any]) -> str:
    """`errorCode` of the FcmError detail, else the RPC status."""
    codes = (str(one["errorCode"]) for one in _details(error) if one.get("errorCode"))
    return next(codes, str(error.get("status") or ""))


def _bad_request(error: Mapping[str, Any]) -> Outcome:
    fields = {
        str(violation.get("field"))
        for one in _details(error)
        for violation in one.get("fieldViolations") or ()
    }
    if fields == {"message.token"} or "registration token" in str(error.get("message")):
        return Outcome(Verdict.GONE, "invalid_token")
    return Outcome(Verdict.STOP, "invalid_argument", alarm=True)


def _is_of_device(error: Mapping[str, Any]) -> bool:
    subjects = (
        str(violation.get("subject"))
        for one in _details(error)
        for violation in one.get("violations") or ()
    )
    return any(subject.startswith("device") for subject in subjects)
