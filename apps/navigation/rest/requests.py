"""What every view of this door does with a request."""

from typing import Any

from rest_framework.request import Request

from apps.accounts.models import Person


def person_behind(request: Request) -> Person | None:
    """The signed-in person; None for somebody who is not."""
    person: Person | None = getattr(request.user, "person", None)
    return person


def given(serializer: Any) -> Any:
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def lonlat(place: dict[str, float]) -> tuple[float, float]:
    return place["lon"], place["lat"]
