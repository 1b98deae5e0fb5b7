"""Kakao's answers within its five seconds, while Rasa is killed at random and comes again."""

import random
import threading
import time
import urllib.request

from benchmarks.assistant.doors import KAKAO, SAYINGS, kakao_body, kakao_headers
from benchmarks.assistant.engine import Engine
from benchmarks.devices.stage import Stage
from benchmarks.report import Metric

ASKED, KILLS, LIMIT_S = 200, 3, 5.0


def measure(stage: Stage, rasa: Engine) -> Metric:
    chance = random.Random(9)
    kill_at = set(chance.sample(range(10, ASKED - 10), KILLS))
    in_time = 0
    for number in range(ASKED):
        if number in kill_at:
            threading.Timer(chance.random() * 0.2, _kill_and_start, [rasa]).start()
        in_time += _asked(stage.url, number) <= LIMIT_S
    return Metric(
        "kakao_in_time", f"{ASKED} requests, Rasa killed {KILLS} times", in_time / ASKED, "share",
        "limit", 1.0,
    )  # fmt: skip


def _kill_and_start(rasa: Engine) -> None:
    rasa.kill()
    rasa.start()


def _asked(url: str, number: int) -> float:
    """Seconds until a whole answer; endless without one."""
    body = kakao_body(f"k{number % 20}", SAYINGS[number % len(SAYINGS)])
    request = urllib.request.Request(f"{url}{KAKAO}", body, kakao_headers())  # noqa: S310
    started = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=2 * LIMIT_S) as answer:  # noqa: S310
            told = answer.read()
    except OSError:
        return float("inf")
    return time.monotonic() - started if b'"version"' in told else float("inf")
