"""Who asks, and whether a request is theirs."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from apps.accounts.models import Person
from apps.base.problems import NotAllowed, NotFound
from apps.complaints.models import ServiceRequest
from apps.complaints.services.filing import find_request, holds_secret

SECRET_HEADER = "X-Complaint-Secret"  # noqa: S105 - a header's name
KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Makes a repetition harmless."
)
SECRET = OpenApiParameter(
    SECRET_HEADER, str, OpenApiParameter.HEADER,
    description="What an anonymous reporter was given when filing.",
)  # fmt: skip
NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH)


def person_asking(request: Request) -> Person | None:
    return getattr(request.user, "person", None)


def actor_of(request: Request) -> str:
    person = person_asking(request)
    return f"person:{person.code}" if person else "reporter"


def key_of(request: Request) -> str | None:
    return request.headers.get("Idempotency-Key")


def given(serializer: Any) -> Any:
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def is_own(asking: Request, row: ServiceRequest) -> bool:
    person = person_asking(asking)
    if person is not None and row.reporter_id == person.pk:
        return True
    secret = asking.headers.get(SECRET_HEADER, "")
    return bool(secret) and holds_secret(row, secret)


def seen_request(asking: Request, number: str) -> ServiceRequest:
    """A request its asker may see. What is not public looks as if it were not there."""
    row = find_request(number)
    if row.visible() or is_own(asking, row):
        return row
    raise NotFound


def own_request(asking: Request, number: str) -> ServiceRequest:
    """A request that is the asker's own. Raises NotFound, NotAllowed."""
    row = seen_request(asking, number)
    if not is_own(asking, row):
        raise NotAllowed
    return row
