"""Between FFmpeg and a camera: FFmpeg connects to us, we to the address that was checked.

FFmpeg follows redirects by itself, wherever they lead. Here it has nowhere to go: it knows an
address on loopback only, and an answer that leads elsewhere ends the stream. On the way pictures
beyond the camera's budget are left out.
"""

import selectors
import socket
import threading
import time

from devices.adapters.rtsp.thinning import Thinning
from devices.adapters.video import OPEN_WITHIN_S, READ_WITHIN_S, Lost, Refused
from devices.protocols.rtsp import Answer, Garbage, Intake, Packet

CHUNK = 65_536
LOOK_UP_S = 0.5


class Relay:
    """One connection. `why` tells, once it has ended, what the camera did; `close` ends it."""

    def __init__(self, ip: str, port: int, thinning: Thinning) -> None:
        """Raises Lost."""
        self._thinning, self._intake = thinning, Intake()
        self._ended = threading.Event()
        self.why: Lost | Refused | None = None
        try:
            self._camera = socket.create_connection((ip, port), OPEN_WITHIN_S)
        except OSError as error:
            raise Lost(f"It does not answer ({type(error).__name__}).") from None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(OPEN_WITHIN_S)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._run, name="rtsp-relay", daemon=True).start()

    def close(self) -> None:
        self._ended.set()

    def _run(self) -> None:
        with self._camera:
            try:
                with self._listener:
                    player, _address = self._listener.accept()
            except OSError:
                return
            with player:
                self._carry(player)

    def _carry(self, player: socket.socket) -> None:
        try:
            player.settimeout(READ_WITHIN_S)
            with selectors.DefaultSelector() as both:
                both.register(self._camera, selectors.EVENT_READ)
                both.register(player, selectors.EVENT_READ)
                self._converse(both, player)
        except (Lost, Refused) as why:
            self.why = why
        except Garbage as why:
            self.why = Lost(str(why))
        except OSError:
            self.why = self.why or Lost("The stream ended.")

    def _converse(self, both: selectors.BaseSelector, player: socket.socket) -> None:
        heard_s = time.monotonic()
        while not self._ended.is_set():
            for key, _events in both.select(LOOK_UP_S):
                came = key.fileobj.recv(CHUNK)  # type: ignore[union-attr]
                if key.fileobj is player:
                    if not came:
                        return
                    self._camera.sendall(came)
                    continue
                if not came:
                    raise Lost("The stream ended.")
                heard_s = time.monotonic()
                player.sendall(self._let_through(came))
            if time.monotonic() - heard_s > READ_WITHIN_S:
                raise Lost("No picture came for some time.")

    def _let_through(self, came: bytes) -> bytes:
        """Raises Garbage, Lost, Refused."""
        through = bytearray()
        for found in self._intake.take(came):
            if isinstance(found, Answer):
                self._judge(found)
                self._thinning.learn(found.body)
                through += found.to_bytes()
            elif (body := self._thinning.through(found.channel, found.body)) is not None:
                through += Packet(found.channel, body).to_bytes()
        return bytes(through)

    def _judge(self, answer: Answer) -> None:
        if 300 <= answer.status < 400:
            raise Refused(f"It leads to another address ({answer.status}); set that one.")
        if answer.status >= 400:  # 401 is answered once with credentials, then it is meant
            self.why = _refusal(answer.status)
        else:
            self.why = None


def _refusal(status: int) -> Lost | Refused:
    if status in (401, 403):
        return Refused(f"It does not take these credentials ({status}).")
    return Lost(f"It answers {status}.")
