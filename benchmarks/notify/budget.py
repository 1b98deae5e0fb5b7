"""`fcm_rate_violations`: two senders share a budget; how many messages came above it in any minute,
and how many came early after a 429. Measured with a budget small enough to be reached: 60,000 a
minute, over ten seconds."""

from bisect import bisect_left

from benchmarks.devices.stage import Stage
from benchmarks.notify.peer import Peer
from benchmarks.notify.tellings import forget_tellings, start_sender, tell_phones, wait_until
from benchmarks.report import Metric

PER_MINUTE = 60_000
COUNT = 9_000
WINDOW_S = 5.0
PATIENCE_S = 300


def measure(stage: Stage, peer: Peer) -> Metric:
    senders = [
        start_sender(stage, peer, CITIZEN_FCM_PER_MINUTE=str(PER_MINUTE)) for _two in range(2)
    ]
    try:
        tell_phones(stage, 500, key="warm")
        wait_until(500, stage, gives_up_s=PATIENCE_S)
        peer.ask("reset")
        tell_phones(stage, COUNT, key="budget")
        wait_until(500 + COUNT, stage, gives_up_s=PATIENCE_S)
        arrivals = sorted(peer.ask("counts")["arrivals"])
    finally:
        for sender in senders:
            sender.kill()
            sender.wait()
        forget_tellings(stage)
    allowed = PER_MINUTE / 60 * WINDOW_S
    most = max(bisect_left(arrivals, at + WINDOW_S) - n for n, at in enumerate(arrivals))
    return Metric(
        "fcm_rate_violations", f"2 processes, 60,000 a minute, any {WINDOW_S:.0f} s",
        max(0.0, most - allowed), "messages", "limit", 0.0,
    )  # fmt: skip
