"""Planted identifiers of persons that come to stand in Rasa's store or log."""

import urllib.request

import psycopg

from benchmarks.assistant.doors import KAKAO, kakao_body, kakao_headers
from benchmarks.assistant.engine import Engine
from benchmarks.devices.stage import Stage
from benchmarks.report import Metric

PLANTED = (
    "010-2345-6789", "01098765432", "02-312-4567", "+82 10-1111-2222", "hong@dalbit.example",
    "kim.minjun@mail.example", "900101-1234568", "4539 1488 0343 6467", "12가3456",
    "서울 34나 7890", "국민은행 123456-78-901234", "103동 1502호",
)  # fmt: skip
FRAMES = (
    "가로등이 고장났어요 연락처는 {} 입니다",
    "제 번호 {}로 알려주세요",
    "불법주차 차량 {} 신고합니다",
    "please call me back at {} about the broken street light",
    "{}",
)


def measure(stage: Stage, rasa: Engine) -> Metric:
    said = [frame.format(planted) for frame in FRAMES for planted in PLANTED]
    for number, text in enumerate(said):
        body = kakao_body(f"p{number}", text)
        request = urllib.request.Request(f"{stage.url}{KAKAO}", body, kakao_headers())  # noqa: S310
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            answer.read()
    kept = _trackers(stage.database_url) + rasa.log.read_text(errors="replace")
    leaked = sum(kept.count(planted) for planted in PLANTED)
    return Metric("identifiers_leaked", f"{len(said)} messages", leaked, "found", "limit", 0)


def _trackers(url: str) -> str:
    with psycopg.connect(url) as link:
        rows = link.execute("SELECT event::text FROM rasa.tracker_event").fetchall()
    if not rows:
        raise RuntimeError("Rasa has kept nothing: there is nothing to look through")
    return "\n".join(row[0] for row in rows)
