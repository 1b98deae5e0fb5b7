"""Photos that a report points to: fetched from public places, and from nowhere of ours."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from apps.base.problems import Invalid
from apps.base.work import sweep
from apps.complaints.core.addresses import ForbiddenAddress, read_remote
from apps.complaints.services.remote_photos import check_media_url, download, fetch_later
from tests.complaints.conftest import Town, photo


class Store(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/kerb.jpg")
            self.end_headers()
            return
        body = photo() if self.path == "/kerb.jpg" else b"#!/bin/sh"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """A test has nothing to say."""


@pytest.fixture
def store() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Store) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a", "http://10.1.2.3/a", "http://192.168.0.1/a", "http://172.16.0.1/a",
        "http://169.254.169.254/", "http://100.64.0.1/", "http://0/", "http://2130706433/",
        "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://[::1]/",
        "http://[::ffff:127.0.0.1]/", "http://[fd00::1]/", "http://[fe80::1%25eth0]/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://localhost/",
        "http://redis/", "http://db.internal/", "http://printer.local/", "ftp://x.example/a",
        "file:///etc/passwd", "http://x.example:22/", "http://u:p@x.example/", "javascript:1",
        "http://x.example\\@127.0.0.1/", "http://x.example/\r\nHost: y", "//x.example/a", "",
        "http://" + "a" * 600 + ".example/", "http://224.0.0.1/", "http://255.255.255.255/",
    ],
)  # fmt: skip
def test_our_own_network_is_out_of_reach_however_it_is_spelt(url: str) -> None:
    with pytest.raises(Invalid):
        check_media_url(url)
    with pytest.raises(ForbiddenAddress):
        download(url)


@pytest.mark.parametrize("url", ["http://93.184.216.34/a.jpg", "https://photos.example/a?b=1"])
def test_public_addresses_are_taken(url: str) -> None:
    assert read_remote(url).target.startswith("/a")


def test_the_worker_fetches_what_the_operator_trusts(town: Town, store: str, settings: Any) -> None:
    settings.COMPLAINTS_MEDIA_HOSTS = [store]
    filed = town.file(media_urls=[f"http://{store}/kerb.jpg", f"http://{store}/program"])
    fetch_later(request=filed)

    sweep()

    assert filed.attachments.get().media.content_type == "image/jpeg"
    assert not filed.attachments.get().is_public


def test_redirects_are_not_followed(store: str, settings: Any) -> None:
    settings.COMPLAINTS_MEDIA_HOSTS = [store]
    with pytest.raises(ForbiddenAddress):
        download(f"http://{store}/moved")
