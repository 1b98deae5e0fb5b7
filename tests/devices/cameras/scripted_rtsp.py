"""An RTSP camera that answers what it is told to: for what no real server would do."""

import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

DESCRIPTION = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=eye\r\nt=0 0\r\n"
    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n"
)
USUAL = {
    "OPTIONS": "200 OK\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY",
    "DESCRIBE": (
        f"200 OK\r\nContent-Type: application/sdp\r\nContent-Length: {len(DESCRIPTION)}\r\n\r\n"
        f"{DESCRIPTION}"
    ),
    "SETUP": "200 OK\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1",
    "PLAY": "200 OK\r\nSession: 1",
}


@contextmanager
def rtsp_camera(instead: Mapping[str, str]) -> Iterator[int]:
    """`instead` of the usual answers to a method: status, then headers; nothing: it says nothing.
    Yields the port."""
    answers = USUAL | dict(instead)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while line := self.rfile.readline():
                method = line.split(b" ")[0].decode()
                number = ""
                while (header := self.rfile.readline()).strip():
                    if header.lower().startswith(b"cseq"):
                        number = header.decode().strip()
                if status := answers.get(method, "501 Not Implemented"):
                    head, _blank, body = status.partition("\r\n\r\n")
                    self.wfile.write(f"RTSP/1.0 {head}\r\n{number}\r\n\r\n{body}".encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
