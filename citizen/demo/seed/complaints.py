"""What the people of Dalbit reported over the last months, each on its day, by the front door.

The past is filed with the clock stopped at its moment, so that numbers, deadlines and histories are
what they would be; nobody is told of what is long over, as these reports have no reporters.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.accounts.models import Department, Role, User
from apps.accounts.services import assign_role, define_role
from apps.base import clock, work
from apps.city.models import Address
from apps.complaints.core.states import State, Who
from apps.complaints.events import LEARN
from apps.complaints.models import ApiClient, RoutingRule, ServiceRequest
from apps.complaints.services.filing import Report, file_request
from apps.complaints.services.moving import move_request
from apps.complaints.services.provisioning import admit_client, define_jurisdiction
from apps.complaints.services.standard_catalogue import bring_standard_catalogue, examples
from citizen.demo.world.town import Town

SEED = 311
PAST = 240
DAYS_BACK = 120
ACTOR = "demo:seed"
OFFICER = (
    "complaints.view_servicerequest", "complaints.change_servicerequest",
    "complaints.view_feedback", "city.view_obstruction",
)  # fmt: skip
CHIEF = (
    *OFFICER, "complaints.confirm_rejection", "complaints.reveal_original",
    "complaints.view_routingrule", "complaints.change_routingrule",
    "complaints.view_modelversion", "complaints.view_service",
)  # fmt: skip
ANSWERS = {"ko": "현장을 확인하고 조치를 마쳤습니다.", "en": "We have been there and put it right."}
TELEPHONE = "120"


@dataclass(frozen=True)
class _Past:
    at: datetime
    service: str
    text: str
    language: str
    lon: float
    lat: float
    answered_after: timedelta | None


def seed_complaints(_town: Town, *, past: int = PAST) -> None:
    """Catalogue, staff's roles, a rule, an Open311 client, and the past. Twice changes nothing."""
    define_jurisdiction(
        jurisdiction_id="dalbit.example", contact=TELEPHONE,
        key_service="complaints@dalbit.example", emergency_number="119",
    )  # fmt: skip
    bring_standard_catalogue()
    _give_roles()
    _define_rule()
    if not ApiClient.objects.filter(code="neighbour").exists():
        admit_client(code="neighbour", name="이웃 도시 Neighbour City", may_update=True)
    if not ServiceRequest.objects.exists():
        for one in _plan(past):
            _play(one)
    work.enqueue(LEARN, {}, key="demo")


def _give_roles() -> None:
    """Who works for mobility sees its inbox; the roads' desk belongs to the same person here."""
    officer = define_role(
        code="complaint-officer", reach=Role.Reach.DEPARTMENT, permissions=OFFICER,
        names={"": "민원 담당", "ko": "민원 담당", "en": "Complaint officer"},
    )  # fmt: skip
    define_role(
        code="complaint-chief", reach=Role.Reach.DEPARTMENT, permissions=CHIEF,
        names={"": "민원 팀장", "ko": "민원 팀장", "en": "Complaint chief"},
    )  # fmt: skip
    choi = User.objects.filter(email="choi@dalbit.example").first()
    if choi is not None:
        for code in ("mobility", "roads"):
            assign_role(user=choi, department=Department.objects.get(code=code), role=officer)


def _define_rule() -> None:
    """Whoever writes of a school goes first."""
    RoutingRule.objects.get_or_create(
        name="학교 앞은 먼저 Schools first",
        defaults={
            "order": 10, "is_active": True, "priority": ServiceRequest.Priority.HIGH,
            "conditions": {"text": ["학교 앞", "school"]},
        },
    )  # fmt: skip


def _plan(past: int) -> Iterator[_Past]:
    chance = random.Random(SEED)
    texts = [one for one in examples() if one[0] == "ko" or chance.random() < 0.2]
    places = list(Address.objects.order_by("pk").values_list("geom", flat=True))
    now = clock.now()
    span = timedelta(days=DAYS_BACK)
    moments = sorted(now - span * chance.random() - timedelta(hours=2) for _ in range(past))
    for at in moments:
        language, service, text = chance.choice(texts)
        place = chance.choice(places)
        after = timedelta(days=chance.expovariate(1 / 4))
        yield _Past(
            at=at, service=service, text=text, language=language,
            lon=place.x + chance.gauss(0, 0.0002), lat=place.y + chance.gauss(0, 0.0002),
            answered_after=after if at + after < now else None,
        )  # fmt: skip


def _play(one: _Past) -> None:
    with clock.stopped_at(one.at) as hand:
        request = file_request(
            report=Report(
                description=one.text, service_code=one.service, lon=one.lon, lat=one.lat,
                language=one.language,
            ),
            reporter=None,
            actor=ACTOR,
        )  # fmt: skip
        if one.answered_after is None:
            return
        hand.set(one.at + one.answered_after / 2)
        move_request(request=request, after=State.IN_PROGRESS, who=Who.STAFF, actor=ACTOR)
        hand.set(one.at + one.answered_after)
        move_request(
            request=request, after=State.RESOLVED, who=Who.STAFF, actor=ACTOR,
            public_note=ANSWERS[one.language],
        )  # fmt: skip
