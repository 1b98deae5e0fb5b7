"""`cap_invalid`: ten thousand random histories of alerts, each message written, judged by the
standard's own schema, and read back."""

import random
from datetime import UTC, datetime, timedelta

from lxml import etree

from apps.alerts.core import cap
from apps.alerts.core.chains import ENDS, MESSAGE_TYPE, Link, Step, references_for
from benchmarks.report import Metric
from benchmarks.samples import sample_path

HISTORIES = 10_000
SENDER = "alerts@bench.example"
TEXTS = ("홍수 & 대피", "Flood < 2 m", "\"quoted\" 'text'", "물이 찼습니다. 높은 곳으로!")


def measure() -> Metric:
    schema = etree.XMLSchema(etree.parse(str(sample_path("alerts/CAP-v1.2.xsd"))))
    chance = random.Random(12)
    invalid = messages = 0
    for number in range(HISTORIES):
        for message in _history(number, chance):
            messages += 1
            written = cap.to_xml(message)
            valid = schema.validate(etree.fromstring(written))
            invalid += not (valid and cap.from_xml(written) == message)
    return Metric(
        "cap_invalid", f"{HISTORIES:,} histories, {messages:,} messages", invalid, "messages",
        "limit", 0.0,
    )  # fmt: skip


def _history(number: int, chance: random.Random) -> list[cap.Alert]:
    """An alert, some updates, mostly an end; now and then what must not follow, refused."""
    chain: list[Link] = []
    messages: list[cap.Alert] = []
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    step = Step.ALERT
    while True:
        at += timedelta(seconds=chance.randint(1, 7200))
        message = _message(f"urn:oid:2.49.0.0.410.{number}.{len(chain)}", at, step, chain, chance)
        messages.append(message)
        chain.append(Link(step, message.reference))
        if step in ENDS or len(chain) > 6:
            return messages
        step = chance.choice((Step.UPDATE, Step.UPDATE, Step.ALL_CLEAR, Step.CANCEL))


def _message(
    identifier: str, at: datetime, step: Step, chain: list[Link], chance: random.Random
) -> cap.Alert:
    return cap.Alert(
        identifier=identifier, sender=SENDER, sent=at, status=chance.choice(cap.STATUSES[:4]),
        message_type=MESSAGE_TYPE[step], note=chance.choice(("", "a mistake")),
        references=references_for(step, chain), incidents=(identifier,),
        infos=tuple(_info(language, at, step, chance) for language in ("ko", "en")),
    )  # fmt: skip


def _info(language: str, at: datetime, step: Step, chance: random.Random) -> cap.Info:
    return cap.Info(
        language=language, category=chance.choice(cap.CATEGORIES), event=chance.choice(TEXTS),
        urgency="Past" if step is Step.ALL_CLEAR else chance.choice(cap.URGENCIES),
        severity=chance.choice(cap.SEVERITIES), certainty=chance.choice(cap.CERTAINTIES),
        responses=("AllClear",) if step is Step.ALL_CLEAR else (chance.choice(cap.RESPONSES),),
        event_codes=(("SAME", "FLW"),), effective=at, onset=at + timedelta(minutes=5),
        expires=at + timedelta(hours=chance.randint(1, 24)), headline=chance.choice(TEXTS),
        description=chance.choice(TEXTS), instruction=chance.choice(TEXTS),
        areas=(cap.Area(chance.choice(TEXTS), (_ring(chance),)),),
    )  # fmt: skip


def _ring(chance: random.Random) -> cap.Ring:
    lon, lat = chance.uniform(-179, 178), chance.uniform(-89, 88)
    corners = [
        (round(lon + chance.random(), 6), round(lat + chance.random(), 6))
        for _n in range(chance.randint(3, 20))
    ]
    return (*corners, corners[0])
