"""100,000 messages under 50 random `kill -9` of the sender: what is lost, what comes twice, and
what a phone that follows tag and version shows twice."""

import random
import time
from collections.abc import Iterator

from benchmarks.devices.stage import Stage
from benchmarks.notify.peer import Peer
from benchmarks.notify.tellings import (
    accepted,
    forget_tellings,
    start_sender,
    tell_phones,
    wait_until,
)
from benchmarks.report import Metric

COUNT = 100_000
KILLS = 50
IN_FLIGHT = 500  # connections
FLUSH = 1_000  # what one process takes in a tenth of a second, at most


def measure(stage: Stage, peer: Peer) -> Iterator[Metric]:
    peer.ask("reset")
    tell_phones(stage, COUNT, key="kills")
    chance = random.Random(50)
    sender = start_sender(stage, peer)
    done = 0
    for kill in range(KILLS):
        target = min(COUNT * (kill + 1) // (KILLS + 1), COUNT - 1)
        while (done := accepted(stage)) < target and sender.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.2))
        sender.kill()
        sender.wait()
        sender = start_sender(stage, peer)
    try:
        wait_until(COUNT, stage, gives_up_s=180)
        taken = peer.ask("counts")["taken"]
    finally:
        sender.kill()
        sender.wait()
        forget_tellings(stage)
    assert done <= COUNT
    resent = sum(times - 1 for times in taken.values())
    case = f"{COUNT:,} messages, {KILLS} kill -9"
    yield Metric("push_lost", case, COUNT - len(taken), "messages", "limit", 0.0)
    yield Metric(
        "push_resent_per_kill", case, resent / KILLS, "messages", "limit", IN_FLIGHT + FLUSH
    )
    yield Metric("shown_twice", case, _shown_twice(taken), "phones", "limit", 0.0)


def _shown_twice(taken: dict[str, int]) -> int:
    """Each phone shows a tag's version once, however often it arrives."""
    twice = 0
    for times in taken.values():
        shown: dict[str, int] = {}
        count = 0
        for _arrival in range(times):
            if shown.get("alert-bench", 0) < 1:
                shown["alert-bench"] = 1
                count += 1
        twice += count > 1
    return twice
