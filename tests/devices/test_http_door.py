"""The HTTPS door of gateways, as a device meets it."""

import asyncio
import json
from typing import Any

import cbor2
import pytest

from apps.base.clock import Hand
from citizen.asgi import application
from devices.models import Observation, Quarantine
from devices.services.gateways import end_key, rotate_key, set_active
from tests.devices.conftest import Post, row, set_up
from tests.support.asgi import Answer, call

PATH = "/api/v1/devices/observations"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_post(hand: Hand, transactional_db: None) -> Post:
    """Committed, because the door's threads have connections of their own."""
    return set_up()


def send(key: str, body: Any, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Authorization": f"Gateway {key}", "Content-Type": "application/json"} | headers
    return asyncio.run(call(application, "POST", PATH, body=content, headers=sent))


def test_the_receipt_comes_after_the_commit(open_post: Post) -> None:
    answer = send(open_post.key, {"observations": [row(120)]})

    assert answer.status == 200
    assert answer.json() == {"received": 1, "stored": 1, "duplicate": 0, "quarantined": []}
    assert Observation.objects.count() == 1


def test_nan_falls_alone(open_post: Post) -> None:
    answer = send(open_post.key, {"observations": [row(120), row(float("nan"), ago_s=9)]})

    assert answer.json()["stored"] == 1
    assert answer.json()["quarantined"][0]["code"] == "not_a_number"
    assert Quarantine.objects.count() == 1


@pytest.mark.parametrize("key", ["", "gw_nobody", "gw_\x00", "Bearer"])
def test_an_unknown_gateway_gets_401(open_post: Post, key: str) -> None:
    answer = send(key, {"observations": [row(120)]})

    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Gateway"
    assert Observation.objects.count() == 0


def test_no_key_at_all_gets_401(open_post: Post) -> None:
    assert send("", {"observations": []}, Authorization="").status == 401


BROKEN_BODIES = [
    b"", b"{", b"[]", b"null", b'{"observations": {}}', b'{"observation": []}', b"\xff\xfe",
    b"[" * 50_000,
]  # fmt: skip


@pytest.mark.parametrize("body", BROKEN_BODIES)
def test_a_malformed_body_gets_400_and_changes_nothing(open_post: Post, body: bytes) -> None:
    answer = send(open_post.key, body)

    assert answer.status == 400
    assert answer.json()["type"] == "/problems/malformed"
    assert Quarantine.objects.count() == 0


def test_too_many_rows_get_413(open_post: Post) -> None:
    body = b'{"observations":[' + b",".join([b"1"] * 10_001) + b"]}"

    assert send(open_post.key, body).status == 413


def test_too_many_bytes_get_413(open_post: Post) -> None:
    assert send(open_post.key, b" " * 2_097_153).status == 413


def test_another_kind_of_body_gets_415(open_post: Post) -> None:
    assert send(open_post.key, b"a,b", **{"Content-Type": "text/csv"}).status == 415


def test_an_empty_batch_is_a_batch(open_post: Post) -> None:
    assert send(open_post.key, {"observations": []}).json()["received"] == 0


def test_old_and_new_key_live_side_by_side_until_the_next_rotation(open_post: Post) -> None:

    second = rotate_key(gateway=open_post.gateway, actor="test")
    both = [send(key, {"observations": []}).status for key in (open_post.key, second)]
    third = rotate_key(gateway=open_post.gateway, actor="test")
    after = [send(key, {"observations": []}).status for key in (open_post.key, second, third)]

    assert both == [200, 200]
    assert after == [401, 200, 200]


def test_an_ended_key_and_a_stopped_gateway_are_refused(open_post: Post) -> None:

    set_active(gateway=open_post.gateway, active=False, actor="test")
    stopped = send(open_post.key, {"observations": []}).status
    set_active(gateway=open_post.gateway, active=True, actor="test")
    key = open_post.gateway.keys.get()
    end_key(key=key, actor="test")

    assert stopped == 401
    assert send(open_post.key, {"observations": []}).status == 401


def test_cbor_is_taken_too(open_post: Post) -> None:
    body = cbor2.dumps({"observations": [row(120)]})

    assert send(open_post.key, body, **{"Content-Type": "application/cbor"}).json()["stored"] == 1
    assert send(open_post.key, b"\xff", **{"Content-Type": "application/cbor"}).status == 400
