"""The desk's screens: from the inbox through the draft to a second officer's yes."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from apps.accounts import services
from apps.accounts.models import Role, User
from apps.alerts.admin.boards import board_of, lasted
from apps.alerts.models import Alert, CapSource, Drill, Halt, Notice
from apps.alerts.services.answers import Answer, answer_alert
from apps.base import clock
from apps.notify.models import Failure, Telling
from apps.notify.services.planning import write_chunk
from apps.notify.services.stopping import stop_tellings
from tests.alerts.conftest import Desk
from tests.support.world import sign_in_staff

PERMISSIONS = (
    "alerts.view_alert", "alerts.view_notice", "alerts.change_notice", "alerts.approve_notice",
    "hazards.view_assessment", "hazards.change_assessment", "alerts.view_safetyanswer",
)  # fmt: skip


def officer(desk: Desk, name: str, permissions: tuple[str, ...] = PERMISSIONS) -> Client:
    person = services.employ(email=f"{name}@dalbit.example", display_name=name)
    role = services.define_role(
        code=f"role-of-{name}", names={}, reach=Role.Reach.ALL, permissions=permissions
    )
    assert person.user is not None
    services.assign_role(user=person.user, department=desk.people.safety, role=role)
    client = Client(headers={"accept-language": "en"})
    sign_in_staff(client, person.user)
    return client


def step(client: Client, notice: Notice, name: str, **data: str) -> Any:
    url = reverse("admin:alerts_notice_step", args=[notice.pk, name])
    return client.post(url, data, follow=True)


def test_the_inbox_offers_to_warn_whoever_may_draft(desk: Desk) -> None:
    assessment = desk.assess()
    page = reverse("admin:hazards_assessment_change", args=[assessment.pk])
    button = reverse("admin:hazards_assessment_warn", args=[assessment.pk])
    assert button in officer(desk, "park").get(page).content.decode()

    reader = officer(desk, "lee", ("hazards.view_assessment",))

    assert button not in reader.get(page).content.decode()
    assert reader.get(button).status_code == 403
    assert not Notice.objects.exists()


def test_from_the_inbox_to_a_second_officers_yes(desk: Desk) -> None:
    park, lee = officer(desk, "park"), officer(desk, "lee")
    assessment = desk.assess()
    inbox = park.get(reverse("admin:hazards_assessment_changelist"))
    assert "Mill Stream" in inbox.content.decode()
    opened = park.get(f"/admin/hazards/assessment/{assessment.pk}/warn", follow=True)
    notice = Notice.objects.get()
    page = opened.content.decode()
    assert "Flood: Riverside" in page
    assert "홍수: 강변동" in page
    assert "Hand over for approval" in page

    assert "second officer" in step(park, notice, "submit").content.decode()
    own = step(park, notice, "approve").content.decode()
    assert "second officer is needed" in own
    assert "Approve and send now" in lee.get(own_page(notice)).content.decode()
    step(lee, notice, "approve", key="k")
    notice.refresh_from_db()
    assert (notice.state, notice.approved_by) == ("issued", "lee@dalbit.example")
    assert "How far it has come" in lee.get(own_page(notice)).content.decode()
    board = lee.get(reverse("admin:alerts_notice_delivery", args=[notice.pk])).json()
    assert (board["planned"], board["waiting"], board["stopped"]) == (1, 1, 0)


def test_the_board_says_in_words_who_was_not_reached_and_what_was_stopped(desk: Desk) -> None:
    notice = desk.issue()
    telling = Telling.objects.get()
    for transport, done in (("inbox", {"accepted": 1}), ("webpush", {"failed": 1})):
        write_chunk(telling, transport, 1)
        telling.chunks.filter(transport=transport).update(settled_at=clock.now(), **done)
    for reason in ("unregistered", "http_410", "odd"):
        Failure.objects.create(
            telling=telling, transport="fcm", recipient=1, reason=reason, at=clock.now()
        )
    stop_tellings(cause=notice.alert.cause, actor="park")

    with translation.override("en"):
        board = board_of(notice.alert)

    assert board["reasons"] == [
        {"reason": "the app is no longer on the device", "count": 2},
        {"reason": "odd", "count": 1},
    ]
    numbers = ("planned", "accepted", "failed", "stopped", "waiting")
    assert [board[name] for name in numbers] == [3, 1, 1, 1, 0]
    stopped = {way["name"]: way["stopped"] for way in board["ways"]}
    assert (stopped["apps on phones"], stopped["browsers"], stopped["inboxes in the app"]) == (
        1,
        0,
        0,
    )


def own_page(notice: Notice) -> str:
    return reverse("admin:alerts_notice_change", args=[notice.pk])


def test_a_corrected_area_and_words_go_back_to_a_draft(desk: Desk) -> None:
    park = officer(desk, "park")
    notice = desk.draft()
    step(park, notice, "submit")
    form = park.get(own_page(notice)).context["adminform"].form
    data = {
        name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()
    }
    data |= {
        "geom": "SRID=4326;MULTIPOLYGON(((127.25 37.42,127.26 37.42,127.26 37.43,127.25 37.42)))",
        "headline_en": "Water in Riverside", "expires_at_0": "2026-11-22",
        "expires_at_1": "20:00:00", "severity": "Extreme", "responses": ["Evacuate"],
    }  # fmt: skip
    answer = park.post(own_page(notice), data, follow=True)
    notice.refresh_from_db()
    assert notice.texts["en"]["headline"] == "Water in Riverside", answer.content.decode()[:3000]
    assert (notice.state, notice.severity, notice.counts) == ("draft", "Extreme", None)
    assert notice.geom.num_coords == 4


def test_an_officer_without_the_right_cannot_approve(desk: Desk, chief: User) -> None:
    notice = desk.draft()
    client = Client()
    sign_in_staff(client, desk.people.park.user)  # type: ignore[arg-type]
    assert step(client, notice, "approve").status_code in (403, 404)
    assert not Alert.objects.in_force().exists()


@pytest.fixture
def boss(chief: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    sign_in_staff(client, chief)
    return client


def test_the_kill_switch_a_drill_and_a_source_are_made_here(desk: Desk, boss: Client) -> None:
    boss.post(reverse("admin:alerts_halt_add"), {"reason": "test of the switch"})
    assert Halt.objects.get().pulled_by == "chief@dalbit.example"
    boss.post(
        reverse("admin:alerts_drill_add"), {"name": "Spring", "department": desk.people.safety.pk}
    )
    drill = Drill.objects.get()
    desk.assess()
    page = boss.get(f"/admin/alerts/drill/{drill.pk}/exercise", follow=True).content.decode()
    assert "this can never go out as an actual alert" in page
    boss.get(f"/admin/alerts/drill/{drill.pk}/end", follow=True)
    drill.refresh_from_db()
    assert drill.report is not None
    report = boss.get(reverse("admin:alerts_drill_change", args=[drill.pk])).content.decode()
    assert "A notice was never approved." in report
    assert "What was left undone" in report
    made = boss.post(
        reverse("admin:alerts_capsource_add"),
        {"code": "kma", "name": "KMA", "sender": "kma@example", "is_active": "on"},
        follow=True,
    )
    assert "shown only now" in made.content.decode()
    assert CapSource.objects.get().key_hash


@pytest.mark.parametrize(
    ("seconds", "written"), [(None, "–"), (0.4, "0:00"), (75, "1:15"), (3723, "1:02:03")]
)
def test_times_of_a_drill_read_as_on_a_stopwatch(seconds: float | None, written: str) -> None:
    assert lasted(seconds) == written


def test_who_needs_help_stands_first_on_the_board(desk: Desk, boss: Client) -> None:
    notice = desk.issue()
    told = Answer(answer="need_help", people=2, note="on the roof", lon=127.25, lat=37.42)
    answer_alert(alert_code=notice.alert.code, answer=told, person=desk.people.sora)
    board = reverse("admin:alerts_safetyanswer_changelist")
    assert "on the roof" in boss.get(board).content.decode()
    row = desk.people.sora.safety_answers.get()
    boss.post(board, {"action": "helped", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert (row.helped_by, row.lat) == ("chief@dalbit.example", None)


@pytest.mark.parametrize(
    "page",
    [
        "alerts_alert", "alerts_notice", "alerts_policy", "alerts_drill", "alerts_halt",
        "alerts_capsource", "alerts_inboundcap", "notify_telling", "notify_chunk",
        "notify_budget", "hazards_assessment",
    ],
)  # fmt: skip
def test_every_list_opens(desk: Desk, boss: Client, page: str) -> None:
    desk.issue()
    assert boss.get(reverse(f"admin:{page}_changelist")).status_code == 200
