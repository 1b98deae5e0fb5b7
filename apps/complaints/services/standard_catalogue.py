"""A catalogue to start from: what citizens of a Korean city report, in twenty services and one for
everything else. A city changes it in the admin; bringing it in again changes back only these."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from apps.accounts.models import Department
from apps.base import clock
from apps.complaints.models import Service, TrainingExample
from apps.complaints.services.filing import UNSORTED
from apps.complaints.services.provisioning import (
    AttributePlan,
    ServicePlan,
    define_group,
    define_service,
    define_template,
)

EXAMPLES = Path(__file__).parents[1] / "examples"
Petition = Service.PetitionClass


def _named(ko: str, en: str) -> dict[str, str]:
    return {"": ko, "ko": ko, "en": en}


GROUPS = {
    "streets": _named("도로·보도", "Streets and pavements"),
    "traffic": _named("교통·주차", "Traffic and parking"),
    "cleanliness": _named("청소·환경", "Cleanliness and environment"),
    "water": _named("수도·하수", "Water and drains"),
    "green": _named("공원·녹지", "Parks and trees"),
    "building": _named("건축·시설", "Buildings and facilities"),
    "people": _named("복지·보건·행정", "Welfare, health and offices"),
}
DEPARTMENTS = {
    "roads": _named("도로관리과", "Roads"),
    "mobility": _named("교통정책과", "Mobility"),
    "environment": _named("환경위생과", "Environment"),
    "water": _named("상하수도과", "Water and Sewerage"),
    "parks": _named("공원녹지과", "Parks"),
    "building": _named("건축과", "Building"),
    "civil": _named("민원여권과", "Civil Affairs"),
    "welfare": _named("복지정책과", "Welfare"),
    "health": _named("보건소", "Public Health"),
}
_HOW_BAD = AttributePlan(
    code="how_bad", names=_named("얼마나 불편한가요?", "How bad is it?"),
    datatype="singlevaluelist",
    values=(
        ("slight", _named("조금 불편해요", "A nuisance")),
        ("blocked", _named("지나갈 수 없어요", "One cannot get past")),
        ("dangerous", _named("위험해요", "Dangerous")),
    ),
)  # fmt: skip
_LAMP = AttributePlan(
    code="lamp_number", names=_named("가로등 번호", "Number on the lamp post"),
    hints=_named("기둥의 표지판에 있습니다", "It stands on the post's plate"),
)  # fmt: skip
_SINCE = AttributePlan(
    code="since", names=_named("언제부터인가요?", "Since when?"), datatype="datetime"
)
_WHEN = AttributePlan(
    code="when", names=_named("주로 언제인가요?", "Mostly when?"), datatype="multivaluelist",
    values=(
        ("morning", _named("아침", "Morning")), ("day", _named("낮", "Day")),
        ("evening", _named("저녁", "Evening")), ("night", _named("밤", "Night")),
    ),
)  # fmt: skip

SERVICES = (
    ServicePlan("pothole", _named("도로 파손", "Damaged road"), "streets", "roads",
                _named("포트홀, 갈라짐, 꺼짐", "Potholes, cracks, sunken surface"),
                ("포트홀", "아스팔트", "구멍", "움푹", "pothole", "hole in the road"), icon="road", attributes=(_HOW_BAD,)),
    ServicePlan("pavement", _named("보도·턱 파손", "Broken pavement or kerb"), "streets", "roads",
                _named("깨진 보도블록, 높은 턱, 점자블록", "Broken slabs, kerbs, tactile paving"),
                ("보도블록", "경계석", "점자블록", "kerb"), obstruction_kind="barrier",
                dedupe_radius_m=20, icon="pavement", attributes=(_HOW_BAD,)),
    ServicePlan("streetlight", _named("가로등·보안등", "Street light"), "streets", "roads",
                _named("꺼짐, 깜빡임, 낮에도 켜짐", "Out, flickering, on all day"),
                ("가로등", "보안등", "lamp"), dedupe_radius_m=15, period_days=5, icon="lamp",
                attributes=(_LAMP,)),
    ServicePlan("traffic_signal", _named("신호등·교통표지", "Signals and signs"), "traffic",
                "mobility", _named("신호등 고장, 표지판, 차선", "Signals, signs, markings"),
                ("신호등", "표지판", "반사경"), period_days=3, icon="signal"),
    ServicePlan("illegal_parking", _named("불법 주정차", "Illegal parking"), "traffic", "mobility",
                _named("횡단보도, 소화전, 장애인 구역", "On crossings, at hydrants, accessible bays"),
                ("주정차", "불법주차"), period_days=3, is_public=False, icon="car"),
    ServicePlan("abandoned_vehicle", _named("방치 차량·킥보드", "Abandoned vehicle"), "traffic",
                "mobility", _named("오래 방치된 차, 자전거, 킥보드", "Cars, bicycles, scooters"),
                ("방치", "킥보드", "자전거"), icon="scooter"),
    ServicePlan("public_transport", _named("버스·대중교통", "Buses"), "traffic", "mobility",
                _named("배차, 정류장, 기사 친절", "Timetables, stops, drivers"),
                ("버스", "정류장", "배차"), needs_place=False, icon="bus"),
    ServicePlan("waste", _named("쓰레기 무단투기", "Dumped waste"), "cleanliness", "environment",
                _named("무단투기, 넘치는 쓰레기통", "Dumped rubbish, overflowing bins"),
                ("쓰레기", "무단투기"), period_days=5, icon="waste"),
    ServicePlan("collection", _named("수거·분리배출", "Waste collection"), "cleanliness",
                "environment", _named("미수거, 대형폐기물, 음식물", "Missed, bulky, food waste"),
                ("수거", "대형폐기물", "재활용"), period_days=5, icon="collection"),
    ServicePlan("animals", _named("동물", "Animals"), "cleanliness", "environment",
                _named("사체, 유기동물, 들개, 비둘기", "Dead, stray or wild animals"),
                ("사체", "유기견", "들개"), dedupe_radius_m=60, period_days=3, icon="animal"),
    ServicePlan("noise", _named("소음·진동", "Noise"), "cleanliness", "environment",
                _named("공사, 영업, 생활 소음", "Works, shops, neighbours"), ("소음", "진동"),
                dedupe_radius_m=150, is_public=False, icon="noise", attributes=(_WHEN,)),
    ServicePlan("air_odour", _named("악취·먼지", "Smell and dust"), "cleanliness", "environment",
                _named("악취, 매연, 비산먼지", "Smells, fumes, dust"), ("악취", "먼지", "매연"),
                dedupe_radius_m=200, icon="smell", attributes=(_WHEN,)),
    ServicePlan("water_supply", _named("상수도", "Tap water"), "water", "water",
                _named("누수, 단수, 녹물", "Leaks, no water, brown water"), ("누수", "단수", "수돗물"),
                dedupe_radius_m=60, period_days=2, icon="tap", attributes=(_SINCE,)),
    ServicePlan("drainage", _named("하수·침수", "Drains and flooding"), "water", "water",
                _named("막힌 배수구, 침수, 맨홀", "Blocked drains, flooding, manholes"),
                ("하수구", "배수", "맨홀", "침수"), dedupe_radius_m=80, period_days=2, icon="drain"),
    ServicePlan("parks_trees", _named("공원·가로수", "Parks and trees"), "green", "parks",
                _named("나무, 잔디, 놀이터, 벤치", "Trees, grass, playgrounds, benches"),
                ("공원", "가로수", "놀이터"), dedupe_radius_m=60, icon="tree"),
    ServicePlan("construction", _named("공사장·건축물 안전", "Building sites"), "building",
                "building", _named("공사장, 위험한 건물, 불법 증축", "Sites, unsafe or illegal building"),
                ("공사장", "불법건축", "균열"), dedupe_radius_m=80, icon="crane"),
    ServicePlan("adverts", _named("불법 광고물", "Illegal adverts"), "building", "building",
                _named("현수막, 전단, 입간판", "Banners, leaflets, boards"), ("현수막", "전단지"),
                period_days=5, icon="banner"),
    ServicePlan("lift", _named("승강기 고장", "Lift out of order"), "building", "building",
                _named("엘리베이터, 에스컬레이터, 리프트", "Lifts, escalators, platform lifts"),
                ("엘리베이터", "승강기"), obstruction_kind="broken_lift", period_days=1, icon="lift"),
    ServicePlan("welfare", _named("복지·지원", "Welfare"), "people", "welfare",
                _named("수급, 돌봄, 장애인·노인 지원", "Benefits, care, support"), ("복지", "지원금"),
                petition_class=Petition.INQUIRY, needs_place=False, is_public=False, icon="welfare"),
    ServicePlan("health_hygiene", _named("보건·방역·위생", "Health and hygiene"), "people", "health",
                _named("방역, 해충, 식품위생, 흡연", "Pests, food hygiene, smoking"),
                ("방역", "모기", "위생", "흡연"), dedupe_radius_m=100, icon="health"),
    ServicePlan("civil_affairs", _named("증명·세금·행정", "Papers and taxes"), "people", "civil",
                _named("증명서, 여권, 지방세, 직원 친절", "Certificates, passports, taxes, staff"),
                ("증명서", "여권", "세금"), petition_class=Petition.INQUIRY, needs_place=False,
                is_public=False, icon="paper"),
    ServicePlan(UNSORTED, _named("그 밖의 민원", "Something else"), "people", "civil",
                _named("어디에 속하는지 몰라도 됩니다", "You need not know where it belongs"),
                needs_place=False, is_public=False, icon="other"),
)  # fmt: skip

TEMPLATES = (
    ("taken-up", "in_progress", _named("처리 시작", "Taken up"), {
        "ko": "{service} 건({number})을 담당 부서에서 처리하고 있습니다. {date}까지 결과를 알려 드리겠습니다.",
        "en": "Your report {number} ({service}) is being worked on. You will hear from us by {date}.",
    }),
    ("repaired", "resolved", _named("정비 완료", "Repaired"), {
        "ko": "{service} 건({number})의 정비를 마쳤습니다. 알려 주셔서 고맙습니다.",
        "en": "What you reported ({number}, {service}) is repaired. Thank you for telling us.",
    }),
    ("where", "needs_location", _named("위치 확인", "Where is it?"), {
        "ko": "정확한 위치를 알 수 없습니다. 지도에서 위치를 표시하거나 가까운 건물을 알려 주세요.",
        "en": "We cannot find the place. Please mark it on the map or name a building close by.",
    }),
    ("not-ours", "rejected", _named("소관 아님", "Not ours"), {
        "ko": "{service} 건({number})은 시의 권한 밖에 있어 처리할 수 없습니다.",
        "en": "Your report {number} ({service}) is outside the city's powers.",
    }),
)  # fmt: skip


def bring_standard_catalogue() -> list[Service]:
    """Groups, departments, services, templates, and examples to learn from."""
    services = bring_catalogue()
    _bring_examples({service.service_code: service for service in services})
    return services


@transaction.atomic
def bring_catalogue(*, only: frozenset[str] = frozenset()) -> list[Service]:
    """The same without examples; `only` some services, or all."""
    for code, department in DEPARTMENTS.items():
        Department.objects.get_or_create(code=code, defaults={"names": department})
    for rank, (code, group) in enumerate(GROUPS.items()):
        define_group(code=code, names=group, rank=rank)
    chosen = [plan for plan in SERVICES if not only or plan.code in only]
    services = [define_service(plan, rank=rank) for rank, plan in enumerate(chosen)]
    for code, state, title, texts in TEMPLATES:
        define_template(code=code, names=title, texts=texts, state=state)
    return services


def _bring_examples(services: dict[str, Service]) -> None:
    now = clock.now()
    rows = [
        TrainingExample(text=text, language=language, service=services[code],
                        source=TrainingExample.Source.SEED, created_at=now)
        for language, code, text in examples()
    ]  # fmt: skip
    TrainingExample.objects.bulk_create(rows, ignore_conflicts=True)


def examples() -> Iterator[tuple[str, str, str]]:
    """(language, service code, text) of the examples that come with the catalogue."""
    for path in sorted(EXAMPLES.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for code, text in csv.reader(file, delimiter="\t"):
                yield path.stem, code, text
