"""A camera for tests: real HTTP on loopback, with whatever is to be sent."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import cv2
import numpy as np

BOUNDARY = "frame"
Send = Callable[[Any], None]


def jpeg(width: int = 64, height: int = 48, grey: int = 120) -> bytes:
    picture = np.full((height, width, 3), grey, np.uint8)
    picture[::7] = 255 - grey
    return bytes(cv2.imencode(".jpg", picture)[1])


def part(body: bytes, *, length: int | None = None, **headers: str) -> bytes:
    lines = ["Content-Type: image/jpeg"]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return f"--{BOUNDARY}\r\n".encode() + "\r\n".join(lines).encode() + b"\r\n\r\n" + body + b"\r\n"


@contextmanager
def camera(
    body: Callable[[], Iterator[bytes]],
    *,
    content_type: str = f"multipart/x-mixed-replace; boundary={BOUNDARY}",
    authorization: str = "",
    redirect: str = "",
) -> Iterator[int]:
    """Serves `body()` to whoever asks; yields the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if redirect:
                self.send_response(302)
                self.send_header("Location", redirect)
                self.end_headers()
                return
            if authorization and self.headers.get("Authorization") != authorization:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="camera"')
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.end_headers()
            try:
                for piece in body():
                    self.wfile.write(piece)
                    self.wfile.flush()
            except OSError:
                return

        def log_message(self, *_arguments: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False  # so that closing waits for those that still send
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
