"""LINE on loopback: takes replies and pushes as its Messaging API documents them."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Peer:
    """`said` is what arrived: (path, body, headers); `answers` what to answer next, else 200."""

    url: str = ""
    said: list[tuple[str, Any, dict[str, str]]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    content: bytes = b""


@contextmanager
def peer() -> Iterator[Peer]:
    state = Peer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.said.append((self.path, json.loads(body), dict(self.headers)))
            self._answer(state.answers.pop(0) if state.answers else 200, b"{}")

        def do_GET(self) -> None:
            self._answer(200, state.content)

        def _answer(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
