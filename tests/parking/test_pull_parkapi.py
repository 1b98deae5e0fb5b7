"""A city's ParkAPI server is asked over the network: its car parks appear, with their numbers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.base import clock
from apps.base.clock import Hand
from apps.parking.models import ParkingSite
from apps.parking.selectors import site_rows
from devices.models import Observation, PullSource
from devices.services.gateways import create_gateway
from devices.services.pulling import pull, pull_due, seal_headers
from tests.devices.conftest import found_city
from tests.support.world import sign_in_staff

FIXTURES = Path(__file__).parents[1] / "devices/adapters/parkapi/fixtures"


@dataclass
class Peer:
    """Another city's server on the loopback: answers by path, and notes who asked."""

    answers: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""

    def serve(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        self.answers[path] = (status, body, headers)


@contextmanager
def serving(peer: Peer) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            peer.asked.append((self.path, self.headers.get("X-Key")))
            status, body, headers = peer.answers.get(self.path, (404, b"", {}))
            if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    peer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def peer() -> Iterator[Peer]:
    found = Peer()
    with serving(found):
        yield found


@pytest.fixture
def source(hand: Hand, db: None, peer: Peer) -> PullSource:
    found_city()
    gateway, _key = create_gateway(code="parkapi", names={"en": "ParkAPI"}, actor="test")
    return PullSource.objects.create(
        code="neighbours", names={"en": "Neighbours"}, kind="parkapi", gateway=gateway,
        url=f"{peer.url}/v3/parking-sites", every_s=60, due_at=clock.now(),
        headers_sealed=seal_headers({"X-Key": "s3cret"}),
    )  # fmt: skip


def payload(name: str) -> bytes:
    """The fixture, as if it had just been observed."""
    now = clock.now().isoformat().replace("+00:00", "Z")
    text = (FIXTURES / f"{name}.json").read_text()
    return text.replace("2026-11-22T03:00:00Z", now).encode()


def shown(code: str) -> dict[str, Any]:
    return site_rows([ParkingSite.objects.get(code=code).pk])[0]


def test_sites_appear_with_their_free_spaces(source: PullSource, peer: Peer) -> None:
    peer.serve("/v3/parking-sites", payload("sites"))
    assert pull_due() == 1

    garage = shown("parkapi-7-rathaus-1")
    assert (garage["free"], garage["capacity"], garage["quality"]) == (30, 116, "live")
    assert {pool["category"]: pool["free"] for pool in garage["pools"]} == {
        "accessible": 3, "general": 30,
    }  # fmt: skip
    assert shown("parkapi-7-markt")["state"] == "full"
    source.refresh_from_db()
    assert (source.trouble, source.counts["stored"]) == ("", 3)
    assert peer.asked == [("/v3/parking-sites", "s3cret")]


def test_it_is_asked_when_it_is_due_and_not_before(
    source: PullSource, peer: Peer, hand: Hand
) -> None:
    peer.serve("/v3/parking-sites", payload("sites"))
    assert [pull_due(), pull_due()] == [1, 0]
    hand.move(timedelta(seconds=61))
    assert pull_due() == 1

    source.active = False
    source.save()
    hand.move(timedelta(seconds=61))
    assert pull_due() == 0


def test_the_same_answer_again_changes_nothing(source: PullSource, peer: Peer) -> None:
    peer.serve("/v3/parking-sites", payload("sites"))
    pull(source)
    before = Observation.objects.count()
    pull(source)

    assert Observation.objects.count() == before
    source.refresh_from_db()
    assert source.counts["duplicate"] == 3


def test_an_unchanged_page_is_not_sent_again(source: PullSource, peer: Peer) -> None:
    peer.serve("/v3/parking-sites", payload("sites"), ETag='"one"')
    assert [pull(source), pull(source)] == [True, True]

    source.refresh_from_db()
    assert (source.etag, source.counts["stored"]) == ('"one"', 3)


def test_all_pages_are_read_and_the_key_goes_to_nobody_else(source: PullSource, peer: Peer) -> None:
    peer.serve("/v3/parking-sites", payload("first_page"))
    peer.serve("/v3/parking-sites?start=1", payload("last_page"))
    assert pull(source)
    assert ParkingSite.objects.filter(code="parkapi-7-markt").exists()

    elsewhere = payload("first_page").replace(b"/v3/parking", b"http://elsewhere.example/v3")
    peer.serve("/v3/parking-sites", elsewhere)
    assert not pull(source)
    source.refresh_from_db()
    assert "elsewhere" in source.trouble


def test_bad_items_stand_on_the_sources_page(source: PullSource, peer: Peer) -> None:
    peer.serve("/v3/parking-sites", payload("broken_rows"))
    assert pull(source)

    client = Client(headers={"Accept-Language": "en"})
    sign_in_staff(client, User.objects.create_superuser("chief@dalbit.example"))
    page = client.get(f"/admin/devices/pullsource/{source.pk}/change/").content.decode()
    assert "397 free of 116 spaces cannot be." in page
    assert client.get("/admin/devices/pullsource/").status_code == 200
    assert list(ParkingSite.objects.values_list("code", flat=True)) == ["parkapi-7-good"]


@pytest.mark.parametrize(("status", "body"), [(500, b""), (200, b"<html>"), (302, b""), (404, b"")])
def test_trouble_is_noted_and_what_was_known_stays(
    source: PullSource, peer: Peer, status: int, body: bytes
) -> None:
    peer.serve("/v3/parking-sites", payload("sites"))
    pull(source)
    peer.serve("/v3/parking-sites", body, status, Location="http://elsewhere.example/")

    assert not pull(source)
    source.refresh_from_db()
    assert source.trouble
    assert shown("parkapi-7-rathaus-1")["free"] == 30


def test_a_server_that_is_gone_is_trouble_too(source: PullSource, peer: Peer) -> None:
    source.url = "http://127.0.0.1:9/v3/parking-sites"
    source.save()

    assert not pull(source)


def test_old_numbers_of_a_server_are_not_shown_as_live(
    source: PullSource, peer: Peer, hand: Hand
) -> None:
    body = payload("sites")
    hand.move(timedelta(hours=3))
    peer.serve("/v3/parking-sites", body)
    pull(source)

    assert shown("parkapi-7-rathaus-1")["free"] is None


def test_our_own_feed_comes_back_as_it_went(source: PullSource, peer: Peer, client: Client) -> None:
    peer.serve("/v3/parking-sites", payload("sites"))
    pull(source)
    ours = client.get("/parkapi/v3/parking-sites").json()
    garage = next(one for one in ours["items"] if one["original_uid"].endswith("rathaus-1"))
    peer.serve("/v3/parking-sites", client.get("/parkapi/v3/parking-sites").content)
    pull(source)

    again = shown("parkapi-1-parkapi-7-rathaus-1")
    assert (garage["realtime_free_capacity"], garage["capacity"]) == (33, 120)
    assert {pool["category"]: (pool["free"], pool["total"]) for pool in again["pools"]} == {
        "accessible": (3, 4), "general": (30, 116),
    }  # fmt: skip
