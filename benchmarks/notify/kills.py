"""100,000 messages under 50 random `kill -9` of senders: what is lost, what comes twice, and what a
browser shows twice, by the service worker it really runs."""

import json
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.devices.stage import Stage
from benchmarks.notify.peer import Peer
from benchmarks.notify.tellings import (
    forget_tellings,
    start_sender,
    tell_phones,
    wait_until,
)
from benchmarks.report import Metric, NotMeasuredError

COUNT = 100_000
KILLS = 50
AT_ONCE = 3  # senders; another one starts as one is killed
IN_FLIGHT = 500  # connections
FLUSH = 1_000  # what one process takes in a tenth of a second, at most
PATIENCE_S = 600
ROOT = Path(__file__).resolve().parents[2]
WORKER = ROOT / "web" / "dist" / "sw.js"
BROWSER = Path(__file__).with_name("browser.mjs")
TAG, VERSION = "alert-bench", 1


def measure(stage: Stage, peer: Peer) -> Iterator[Metric]:
    peer.ask("reset")
    senders = [start_sender(stage, peer) for _one in range(AT_ONCE)]
    try:
        tell_phones(stage, COUNT, key="kills")
        _kill_at_random(senders, stage, peer)
        wait_until(COUNT, stage, gives_up_s=PATIENCE_S)
        taken = peer.ask("counts")["taken"]
    finally:
        for sender in senders:
            sender.kill()
            sender.wait()
        forget_tellings(stage)
    resent = sum(times - 1 for times in taken.values())
    case = f"{COUNT:,} messages, {KILLS} kill -9"
    yield Metric("push_lost", case, COUNT - len(taken), "messages", "limit", 0.0)
    yield Metric(
        "push_resent_per_kill", case, resent / KILLS, "messages", "limit", IN_FLIGHT + FLUSH
    )
    yield Metric("shown_twice", f"{case}, sw.js", _shown_twice(taken), "phones", "limit", 0.0)


def _kill_at_random(senders: "list[subprocess.Popen[bytes]]", stage: Stage, peer: Peer) -> None:
    """One after the other in the middle of its work, evenly over the messages."""
    chance = random.Random(50)
    for kill in range(KILLS):
        target = min(COUNT * (kill + 1) // (KILLS + 1), COUNT - 1)
        wait_until(target, stage, gives_up_s=PATIENCE_S)
        time.sleep(chance.uniform(0, 0.2))
        oldest = senders.pop(0)
        oldest.kill()
        oldest.wait()
        senders.append(start_sender(stage, peer))


def _shown_twice(taken: dict[str, int]) -> int:
    """Every arrival is pushed to the browser of its phone; phones that showed it more than once."""
    node = shutil.which("node") or str(ROOT / ".run" / "node" / "node")
    if not WORKER.exists() or not Path(node).exists():
        raise NotMeasuredError("shown_twice needs the built web app and node")
    told = {"worker": str(WORKER), "tag": TAG, "version": VERSION, "taken": list(taken.values())}
    done = subprocess.run(
        [node, str(BROWSER)], input=json.dumps(told).encode(), stdout=subprocess.PIPE, check=True
    )
    return int(json.loads(done.stdout)["twice"])
