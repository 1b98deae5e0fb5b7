"""Simulated cameras on loopback: motion JPEG over real HTTP, one path for each camera."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BOUNDARY = "picture"


@dataclass
class Eye:
    """`jpeg` gives the next picture; it is asked by one client at a time, `fps` times a second."""

    jpeg: Callable[[], bytes]
    fps: float
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def part(self) -> bytes:
        with self._lock:
            body = self.jpeg()
        head = (
            f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(body)}\r\n"
            f"X-Timestamp: {time.monotonic():.3f}\r\n\r\n"
        )
        return head.encode() + body + b"\r\n"


class MjpegServer:
    """Serves until `close`; `port` 0 takes any that is free."""

    def __init__(self, eyes: Mapping[str, Eye], port: int = 0) -> None:
        """Raises OSError where the port is taken."""
        self._ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(eyes, self._ended))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    def close(self) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(eyes: Mapping[str, Eye], ended: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            eye = eyes.get(self.path.strip("/"))
            if eye is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
            self.end_headers()
            try:
                self._stream(eye)
            except OSError:
                return  # whoever looked has gone

        def _stream(self, eye: Eye) -> None:
            due_s = time.monotonic()
            while not ended.is_set():
                self.wfile.write(eye.part())
                due_s = max(due_s + 1 / eye.fps, time.monotonic() - 1)
                ended.wait(max(0.0, due_s - time.monotonic()))

        def log_message(self, *_arguments: Any) -> None:
            return

    return Handler
