"""Staff see the city's local time, the API speaks UTC."""

from datetime import UTC, datetime

import pytest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.city.services.founding import Founding, found_city
from citizen.city_time import CityTimeMiddleware

EIGHT_IN_KOREA = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)


def local_hour(path: str) -> str:
    def show(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{timezone.localtime(EIGHT_IN_KOREA):%H:%M}")

    request = HttpRequest()
    request.path = path
    return CityTimeMiddleware(show)(request).content.decode()


@pytest.mark.django_db
def test_the_admin_shows_the_citys_time_and_the_api_utc() -> None:
    found_city(
        Founding(code="dalbit", names={"": "달빛"}, time_zone="Asia/Seoul"),
        box=(127.25, 37.42, 127.27, 37.44),
    )
    assert local_hour("/admin/accounts/dutyshift/") == "08:00"
    assert local_hour("/api/v1/city") == "23:00"


@pytest.mark.django_db
def test_it_is_utc_where_no_city_is_founded() -> None:
    assert local_hour("/admin/") == "23:00"
