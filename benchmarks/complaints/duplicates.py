"""Duplicates in a synthetic city: 5,000 reports of 120 days, 15 % of them repeats, three campaigns.

Who repeats a report says it in other words: words left out, swapped, mistyped, or another sentence
about the same thing; a few metres off; hours or days later. Each report is compared with those
before it as the city does; a link to any report of the same incident is right.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

from benchmarks.report import Metric

REPORTS, REPEATS, CAMPAIGNS, CAMPAIGN_SIZE = 5000, 0.15, 3, 30
WIDE_M, HIGH_M, DAYS = 6000, 4000, 120
SEED = 5
CASE = "5,000 reports, 15 % repeats, 3 campaigns"
START = datetime(2026, 7, 1, tzinfo=UTC)
QUESTIONS = 200
_FILLERS = ("빨리 ", "제발 ", "어제부터 ", "우리 동네 ", "집 앞 ", "여기 ", "오늘 보니 ")
_ENDS = (
    " 부탁드립니다",
    " 조치해 주세요",
    " 위험합니다",
    " 확인 바랍니다",
    "",
    " 벌써 며칠째입니다",
)


@dataclass(frozen=True, slots=True)
class _Filed:
    incident: int
    text: str
    service: str
    group: str
    radius_m: float
    east_m: float | None
    north_m: float | None
    at: datetime


def measure() -> Iterator[Metric]:
    right, wrong, missed = _linked(sorted(_city(), key=lambda one: one.at))
    yield Metric("duplicate_precision", CASE, right / (right + wrong), "share", "limit", 0.95)
    yield Metric("duplicate_recall", CASE, right / (right + missed), "share", "limit", 0.85)


def _city() -> Iterator[_Filed]:
    from apps.complaints.services.standard_catalogue import SERVICES, examples

    chance = random.Random(SEED)
    plans = {plan.code: plan for plan in SERVICES if plan.needs_place}
    told = [(code, text) for language, code, text in examples()
            if language == "ko" and code in plans]  # fmt: skip
    same = {code: [text for other, text in told if other == code] for code in plans}
    incidents = int(REPORTS * (1 - REPEATS)) - CAMPAIGNS * CAMPAIGN_SIZE
    firsts: list[_Filed] = []
    for number in range(incidents):
        code, text = chance.choice(told)
        plan = plans[code]
        firsts.append(_Filed(
            number, _said(text, chance), code, plan.group, plan.dedupe_radius_m,
            chance.uniform(0, WIDE_M), chance.uniform(0, HIGH_M),
            START + timedelta(days=chance.uniform(0, DAYS)),
        ))  # fmt: skip
    yield from firsts
    for _ in range(int(REPORTS * REPEATS)):
        yield _repeat(chance.choice(firsts), same, chance)
    for n in range(CAMPAIGNS):
        yield from _campaign(incidents + n, chance)


def _said(text: str, chance: random.Random) -> str:
    return chance.choice(_FILLERS) * (chance.random() < 0.4) + text + chance.choice(_ENDS)


def _repeat(first: _Filed, same: dict[str, list[str]], chance: random.Random) -> _Filed:
    words = first.text.split()
    if chance.random() < 0.35:
        words = _said(chance.choice(same[first.service]), chance).split()
    else:
        words = [word for word in words if chance.random() > 0.15] or words
        if len(words) > 2 and chance.random() < 0.5:
            n = chance.randrange(len(words) - 1)
            words[n], words[n + 1] = words[n + 1], words[n]
    assert first.east_m is not None
    assert first.north_m is not None
    spread = first.radius_m * 0.3
    return _Filed(
        first.incident, _said(_mistyped(" ".join(words), chance), chance), first.service,
        first.group, first.radius_m, first.east_m + chance.gauss(0, spread),
        first.north_m + chance.gauss(0, spread),
        first.at + timedelta(days=min(chance.expovariate(1 / 2.5), 20)),
    )  # fmt: skip


def _mistyped(text: str, chance: random.Random) -> str:
    if chance.random() > 0.3 or len(text) < 6:
        return text
    n = chance.randrange(1, len(text) - 1)
    return text[:n] + text[n + 1 :]


def _campaign(incident: int, chance: random.Random) -> Iterator[_Filed]:
    """Mass copies without a place, hours apart."""
    text = ("37번 버스 노선 폐지를 반대합니다 주민 의견을 먼저 들어 주세요",
            "신설 소각장 계획을 철회해 주시기 바랍니다 아이들 건강이 걱정됩니다",
            "도서관 주말 운영 시간을 다시 늘려 주세요 학생들이 갈 곳이 없습니다")[incident % 3]  # fmt: skip
    begins = START + timedelta(days=chance.uniform(10, 100))
    for _ in range(CAMPAIGN_SIZE):
        at = begins + timedelta(hours=chance.uniform(0, 72))
        yield _Filed(incident, _mistyped(_said(text, chance), chance), "public_transport",
                     "traffic", 30, None, None, at)  # fmt: skip


def _linked(reports: list[_Filed]) -> tuple[int, int, int]:
    """(right links, wrong links, repeats that were not linked)."""
    from apps.complaints.core.ngrams import signature
    from apps.complaints.core.similarity import OFFER_FROM, Report, compare

    drawn = [
        Report(signature(one.text), one.at, one.service, one.group, one.radius_m, one.east_m,
               one.north_m)
        for one in reports
    ]  # fmt: skip
    right = wrong = missed = 0
    known: set[int] = set()
    for n, (filed, ours) in enumerate(zip(reports, drawn, strict=True)):
        scored = [(compare(ours, drawn[m]).score, m) for m in _before(reports, n)]
        best, m = max(scored, default=(0.0, -1))
        if best >= OFFER_FROM:
            right += reports[m].incident == filed.incident
            wrong += reports[m].incident != filed.incident
            missed += reports[m].incident != filed.incident and filed.incident in known
        else:
            missed += filed.incident in known
        known.add(filed.incident)
    return right, wrong, missed


def _before(reports: list[_Filed], n: int) -> Iterator[int]:
    """The candidates that the city's own question finds: near, of the group, not long ago."""
    from apps.complaints.services.duplicates import OPEN_SINCE, WITHIN_RADII

    ours = reports[n]
    for m in range(n):
        other = reports[m]
        if other.group != ours.group or other.at < ours.at - OPEN_SINCE:
            continue
        if (other.east_m is None) != (ours.east_m is None):
            continue
        if ours.east_m is not None and ours.north_m is not None:
            assert other.east_m is not None
            assert other.north_m is not None
            reach_m = ours.radius_m * WITHIN_RADII
            away = (other.east_m - ours.east_m) ** 2 + (other.north_m - ours.north_m) ** 2
            if away > reach_m**2:
                continue
        yield m


def measure_speed() -> Metric:
    """The city's own question among a million stored requests."""
    import django

    django.setup()
    from django.contrib.gis.geos import Point

    from apps.base import clock
    from apps.city.models import metres_of
    from apps.complaints.models import Service
    from apps.complaints.services.duplicates import Sketch, find_similar
    from benchmarks.complaints.fill import EAST, NORTH, SOUTH, WEST

    chance = random.Random(SEED)
    service = Service.objects.select_related("group").get(service_code="pavement")
    took = []
    for _ in range(QUESTIONS):
        place = Point(chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH), srid=4326)
        sketch = Sketch("보도 턱이 깨져서 휠체어가 지나갈 수 없어요", service, clock.now(),
                        metres_of(place, srid=5186))  # fmt: skip
        started = perf_counter()
        find_similar(sketch)
        took.append((perf_counter() - started) * 1000)
    case = f"1,000,000 stored, median of {QUESTIONS}; 95th percentile {sorted(took)[190]:.0f} ms"
    return Metric("duplicate_ms", case, median(took), "ms", "limit", 50.0)
