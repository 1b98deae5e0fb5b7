"""The loopback FCM in a process of its own, asked for its counts over a pipe."""

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from citizen.demo.peers.certificates import make_account, make_certificate
from citizen.demo.peers.fcm import FcmPeer

DELAY_S = 0.05


@dataclass
class Peer:
    process: "subprocess.Popen[bytes]"
    folder: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "CITIZEN_FCM_URL": self.url,
            "CITIZEN_FCM_CA_FILE": str(self.folder / "peer.pem"),
            "CITIZEN_FCM_ACCOUNT_FILE": str(self.folder / "fcm-account.json"),
        }

    def ask(self, order: str) -> Any:
        """`reset`, or `counts`: what came since, by address, and when."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{order}\n".encode())
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def opened_peer() -> Iterator[Peer]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "benchmarks.notify.peer", name]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdout
        url = json.loads(process.stdout.readline())
        try:
            yield Peer(process, folder, url)
        finally:
            process.kill()
            process.wait()


async def _serve(folder: Path) -> None:
    peer = FcmPeer(delay_s=DELAY_S)
    await peer.server.start(make_certificate(folder))
    make_account(folder, token_uri=peer.token_uri)
    print(json.dumps(peer.url), flush=True)
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    while line := await reader.readline():
        if line.strip() == b"reset":
            peer.taken.clear()
            peer.asked.clear()
            peer.arrivals.clear()
            print("null", flush=True)
        else:
            counts = {"taken": peer.taken, "arrivals": peer.arrivals}
            print(json.dumps(counts), flush=True)


if __name__ == "__main__":
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(Path(sys.argv[1])))
