"""The department's inbox: who sees what, and what staff do on a request's page."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import User
from apps.base.clock import Hand
from apps.base.models import AuditEntry
from apps.complaints.models import RoutingRule, ServiceRequest, TrainingExample
from apps.complaints.services.photos import take_photo
from apps.complaints.services.warnings import warn_of_time
from tests.complaints.conftest import Town, file_of, photo
from tests.support.world import sign_in_staff

LIST = "/admin/complaints/servicerequest/"


@pytest.fixture
def officer(town: Town) -> Client:
    return signed_in(town, "roads1@dalbit.example", "roads")


@pytest.fixture
def chief(town: Town) -> Client:
    return signed_in(town, "roads2@dalbit.example", "roads", chief=True)


def signed_in(town: Town, email: str, department: str, *, chief: bool = False) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    sign_in_staff(client, town.staff(email, department, chief=chief))
    return client


def act(client: Client, row: ServiceRequest, what: str, **form: Any) -> Any:
    return client.post(f"{LIST}{row.pk}/do/{what}/", form)


def test_a_department_sees_its_own_and_nobody_elses(town: Town, officer: Client) -> None:
    kerb, water = town.file(), town.file("No water", "water_supply")

    page = officer.get(LIST).content.decode()

    assert kerb.number in page
    assert water.number not in page
    assert officer.get(f"{LIST}{water.pk}/change/").status_code == 404
    assert act(officer, water, "note", text="hi").status_code == 404


def test_the_page_shows_light_countdown_and_history(town: Town, officer: Client) -> None:
    kerb = town.file()

    page = officer.get(f"{LIST}{kerb.pk}/change/").content.decode()

    assert 'class="light green"' in page
    assert kerb.description in page


def test_lights_turn_with_the_time(town: Town, officer: Client, hand: Hand) -> None:
    kerb = town.file()
    hand.set(kerb.clock.due_at + timedelta(minutes=1))
    warn_of_time()

    assert 'class="light red"' in officer.get(LIST).content.decode()
    assert kerb.number in officer.get(f"{LIST}?light=red").content.decode()
    assert kerb.number not in officer.get(f"{LIST}?light=green").content.decode()


def test_work_is_begun_and_ended_with_a_template_in_the_citizens_language(
    town: Town, officer: Client
) -> None:
    kerb = town.file()
    act(officer, kerb, "move", after="in_progress")
    act(officer, kerb, "move", after="resolved", template="repaired")

    kerb.refresh_from_db()
    assert kerb.state == "resolved"
    assert kerb.number in kerb.status_notes
    assert "정비를 마쳤습니다" in kerb.status_notes
    assert AuditEntry.objects.filter(action="complaints.servicerequest.move").count() == 2


def test_a_step_the_table_lacks_is_told(town: Town, officer: Client) -> None:
    kerb = town.file()
    answer = officer.post(f"{LIST}{kerb.pk}/do/move/", {"after": "resolved"}, follow=True)
    kerb.refresh_from_db()
    assert kerb.state == "received"
    assert "reporter reads this" in answer.content.decode()


def test_a_refusal_needs_the_chief(town: Town, officer: Client, chief: Client) -> None:
    kerb = town.file()
    act(officer, kerb, "move", after="rejection_proposed", public_note="no", reason="not ours")
    act(officer, kerb, "move", after="rejected")
    kerb.refresh_from_db()
    assert kerb.state == "rejection_proposed"

    act(chief, kerb, "move", after="rejected")

    kerb.refresh_from_db()
    assert kerb.state == "rejected"


def test_putting_a_service_right_teaches_the_model(town: Town, officer: Client) -> None:
    kerb = town.file()
    act(officer, kerb, "service", service="streetlight")

    kerb.refresh_from_db()
    example = TrainingExample.objects.get(request=kerb)
    assert (kerb.service.service_code, kerb.routed_by) == ("streetlight", "staff")
    assert (example.service.service_code, example.source) == ("streetlight", "staff")


def test_similar_cases_are_merged_and_parted_again(town: Town, officer: Client) -> None:
    first, again = town.file(), town.file()
    page = officer.get(f"{LIST}{again.pk}/change/").content.decode()
    assert first.number in page

    act(officer, again, "merge", original=first.number)
    again.refresh_from_db()
    assert str(again.duplicate_of_id) == str(first.pk)
    act(officer, again, "unmerge")

    again.refresh_from_db()
    assert again.state == "received"
    assert again.duplicate_of is None


def test_a_part_is_split_off(town: Town, officer: Client) -> None:
    kerb = town.file()
    act(officer, kerb, "split", text="And the lamp is out", service="streetlight")
    part = ServiceRequest.objects.get(parent=kerb)
    assert part.service.service_code == "streetlight"


def test_words_as_they_came_take_the_right_and_a_reason(
    town: Town, officer: Client, chief: Client
) -> None:
    kerb = town.file("턱이 깨졌어요 010-1234-5678")
    address = f"{LIST}{kerb.pk}/words/"
    assert officer.post(address, {"reason": "curious"}).status_code == 403
    assert b"010-1234-5678" not in chief.post(address, {"reason": ""}, follow=True).content

    shown = chief.post(address, {"reason": "Call the reporter back"})

    assert b"010-1234-5678" in shown.content
    assert kerb.accesses.get().reason == "Call the reporter back"


def test_actions_in_bulk_carry_on_after_one_that_fails(town: Town, officer: Client) -> None:
    first, second = town.file(), town.file("Another thing", "streetlight")
    act(officer, first, "move", after="in_progress")

    officer.post(
        LIST, {"action": "take_on", "_selected_action": [first.pk, second.pk]}, follow=True
    )

    second.refresh_from_db()
    assert second.state == "in_progress"


def shown_to(client: Client, path: str) -> bytes:
    return file_of(client.get(path))


def test_a_photo_is_staffs_until_its_blurred_copy_is_published(
    town: Town, officer: Client, client: Client
) -> None:
    offer = take_photo(content=photo())
    kerb = town.file(photo_tokens=[offer.token])
    public = f"/api/v1/complaints/photos/{offer.attachment.code}"
    own = f"{LIST}{kerb.pk}/photo/{offer.attachment.code}/"
    assert shown_to(officer, own)
    assert client.get(public).status_code == 404

    blurred = SimpleUploadedFile("b.jpg", photo(shade=60), "image/jpeg")
    act(officer, kerb, "publish", code=str(offer.attachment.code), blurred=blurred)

    assert shown_to(client, public)


def test_a_rule_is_tried_on_past_cases(town: Town, chief: Client) -> None:
    town.file("가로등이 어두워요", "other")
    town.file()
    boss = Client(headers={"Accept-Language": "en"})
    sign_in_staff(boss, User.objects.create_superuser("boss@dalbit.example"))
    rule = RoutingRule.objects.create(
        name="lamps", conditions={"text": ["가로등"]}, service=town.service("streetlight")
    )
    page = boss.get(f"/admin/complaints/routingrule/{rule.pk}/change/").content.decode()
    assert "would have changed: <b>1</b>" in page


@pytest.mark.parametrize(
    "model", [m._meta.model_name for m in site._registry if m._meta.app_label == "complaints"]
)
def test_every_page_opens(town: Town, model: str) -> None:
    boss = Client()
    sign_in_staff(boss, User.objects.create_superuser("boss@dalbit.example"))
    town.file()
    assert boss.get(f"/admin/complaints/{model}/").status_code == 200


def test_the_inbox_asks_as_much_for_many_as_for_few(
    town: Town, officer: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        town.file()
    with django_assert_max_num_queries(30):
        officer.get(LIST)
