"""How old a value is when a reader of the feed sees it: from the detector's word, through the one
way in, to the answer of a reader who asks as often as the feed allows."""

import os
import random
import time
from collections.abc import Iterator

from benchmarks.devices.stage import opened_stage
from benchmarks.report import Metric

READINGS, LINKS = 300, 40


def measure(quick: bool) -> Iterator[Metric]:
    with opened_stage("signals", fill="benchmarks.signals.fill_links") as stage:
        os.environ.update(stage.environment)
        ages = sorted(_ages(READINGS // (5 if quick else 1)))
    p95 = ages[int(0.95 * (len(ages) - 1))]
    yield Metric("feed_age_p95_s", f"{len(ages)} words of detectors", p95, "s", "limit", 5.0)


def _ages(readings: int) -> list[float]:
    """A reader asks at any moment within the time that an answer may be kept."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from apps.base import clock
    from apps.traffic.feeds.views import TTL_S
    from apps.traffic.models import LinkSensor
    from devices.ingest.accept import accept
    from devices.ingest.speaker import known_as
    from devices.protocols.batch import read_rows

    settings.ALLOWED_HOSTS = ["*"]
    codes = list(LinkSensor.objects.values_list("datastream__code", "link__code"))[:LINKS]
    chance, client = random.Random(5), Client()
    found: list[float] = []
    for _ in range(readings):
        stream, link = chance.choice(codes)
        said_at, began_s = clock.now(), time.monotonic()
        row = {"datastream": stream, "phenomenonTime": said_at.isoformat(),
               "result": round(chance.uniform(5, 60), 3)}  # fmt: skip
        accept(read_rows([row]), known_as("roads"))
        kept_s = chance.uniform(0, TTL_S)
        body = client.get("/its/v1/trafficInfo").json()["body"]
        assert any(item["linkId"] == link for item in body["items"])
        found.append(time.monotonic() - began_s + kept_s)
    return found
