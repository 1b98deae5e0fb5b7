"""Kakao's answers within its five seconds, while Rasa is killed at random and comes again.

Every time it is killed while it is up and answering; the citizens go on writing until it is back.
"""

import random
import threading
import time
import urllib.request
from collections.abc import Iterator
from itertools import count

from benchmarks.assistant.doors import KAKAO, SAYINGS, kakao_body, kakao_headers
from benchmarks.assistant.engine import Engine
from benchmarks.devices.stage import Stage
from benchmarks.report import Metric

KILLS, BEFORE, PER_SECOND, LIMIT_S = 3, 60, 10, 5.0


def measure(stage: Stage, rasa: Engine) -> Metric:
    chance = random.Random(9)
    taken = [s for _ in range(KILLS) for s in _through_a_death(stage.url, rasa, chance)]
    in_time = sum(s <= LIMIT_S for s in taken) / len(taken)
    case = f"{len(taken)} requests, Rasa killed {KILLS} times, slowest {max(taken):.1f} s"
    return Metric("kakao_in_time", case, in_time, "share", "limit", 1.0)


def _through_a_death(url: str, rasa: Engine, chance: random.Random) -> Iterator[float]:
    """Ask while it is up, while it dies, and until it is up again and a little longer."""
    dies_at, killer = chance.randrange(BEFORE), None
    left = BEFORE
    for number in count():
        if number == dies_at:
            killer = threading.Thread(target=_kill_and_start, args=[rasa, chance.random() * 0.2])
            killer.start()
        taken = _asked(url, number)
        yield taken
        time.sleep(max(0.0, 1 / PER_SECOND - taken))
        left -= killer is None or (not killer.is_alive() and rasa.is_up())
        if left < 0:
            return


def _kill_and_start(rasa: Engine, after_s: float) -> None:
    time.sleep(after_s)
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
