"""Sources that are asked, on staff's pages: what is sent with each question is never shown."""

import json

import pytest
from django.test import Client

from apps.base import clock
from apps.base.models import AuditEntry
from devices.models import PullSource
from devices.services.pulling import headers_of, seal_headers
from tests.devices.conftest import Post

KEY = "s3cret-of-the-neighbours"


@pytest.fixture
def source(post: Post) -> PullSource:
    return PullSource.objects.create(
        code="neighbours", names={"en": "Neighbours"}, kind="parkapi", gateway=post.gateway,
        url="https://neighbours.example/v3", headers_sealed=seal_headers({"X-Key": KEY}),
        due_at=clock.now(),
    )  # fmt: skip


def save(staff: Client, source: PullSource, headers: str) -> str:
    page = staff.post(
        f"/admin/devices/pullsource/{source.pk}/change/",
        {"code": source.code, "names_local": "이웃", "names_ko": "", "names_en": "Neighbours",
         "kind": source.kind, "url": source.url, "headers": headers, "every_s": 60,
         "gateway": source.gateway_id, "active": "on"},
        follow=True,
    ).content.decode()  # fmt: skip
    source.refresh_from_db()
    return page


def test_a_key_is_sealed_and_shown_to_nobody(staff: Client, source: PullSource) -> None:
    save(staff, source, json.dumps({"X-Key": "new-" + KEY}))

    assert headers_of(source) == {"X-Key": "new-" + KEY}
    assert KEY not in source.headers_sealed
    page = staff.get(f"/admin/devices/pullsource/{source.pk}/change/").content.decode()
    assert KEY not in page
    assert not [one for one in AuditEntry.objects.all() if KEY in json.dumps(one.detail)]


@pytest.mark.parametrize(
    ("said", "kept"), [("", {"X-Key": KEY}), ("{}", {}), ('["X-Key"]', {"X-Key": KEY})]
)
def test_nothing_said_leaves_it_and_an_empty_one_takes_it_away(
    staff: Client, source: PullSource, said: str, kept: dict[str, str]
) -> None:
    page = save(staff, source, said)

    assert headers_of(source) == kept
    assert ("Names and values as JSON" in page) == (said == '["X-Key"]')
