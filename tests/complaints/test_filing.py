"""Reports come in: numbered, masked, placed, clocked; repeated commands file once."""

import pytest

from apps.base.problems import Invalid, Problem, TooLarge
from apps.city.models import Obstruction
from apps.complaints.core.numbers import read_number
from apps.complaints.models import Original, ServiceRequest
from apps.complaints.services.filing import UnknownService, find_request
from apps.complaints.services.places import OutsideJurisdiction
from apps.complaints.services.privacy import reveal_originals
from tests.complaints.conftest import KERB, Town


def test_a_report_gets_a_number_a_date_and_its_department(town: Town) -> None:
    filed = town.file(by=town.people.minjun)

    assert read_number(filed.number) == filed.number
    assert filed.number.startswith("2026-")
    assert (filed.state, filed.department.code, filed.routed_by) == ("received", "roads", "citizen")
    assert filed.expected_at == filed.clock.due_at
    assert [change.move for change in filed.changes.all()] == [">received"]
    assert filed.subscriptions.get().person == town.people.minjun


def test_the_same_command_key_files_once(town: Town) -> None:
    first, again = (town.file(key="k1") for _ in range(2))

    assert first == again
    assert ServiceRequest.objects.count() == 1


def test_numbers_do_not_repeat(town: Town) -> None:
    assert len({town.file().number for _ in range(5)}) == 5


def test_what_identifies_a_person_is_masked_and_sealed(town: Town) -> None:
    filed = town.file("가로등이 나갔어요. 연락처 010-1234-5678", "streetlight")

    assert filed.description == "가로등이 나갔어요. 연락처 [phone]"
    sealed = Original.objects.get(request=filed)
    assert "1234" not in sealed.sealed
    assert sealed.kinds == ["phone"]
    opened = reveal_originals(request=filed, actor="officer", reason="Call the reporter back")
    assert opened == {"description": "가로등이 나갔어요. 연락처 010-1234-5678"}
    assert filed.accesses.get().actor == "officer"


def test_nobody_reads_sealed_words_without_a_reason(town: Town) -> None:
    filed = town.file("010-1234-5678")
    with pytest.raises(Invalid):
        reveal_originals(request=filed, actor="officer", reason=" ")
    assert not filed.accesses.exists()


@pytest.mark.parametrize(
    ("wrong", "problem", "field"),
    [
        ({"lon": 126.0, "lat": 37.0}, OutsideJurisdiction, "lat"),
        ({"lon": 127.26, "lat": None}, Invalid, "lat"),
        ({"lon": None, "lat": None}, Invalid, "lat"),
        ({"service": "teleport"}, UnknownService, "service_code"),
        ({"description": "  ", "service": ""}, Invalid, "description"),
        ({"description": "x" * 4001}, Invalid, "description"),
        ({"description": "x" * 100_000}, TooLarge, ""),
        ({"answers": {"colour": "red"}}, Invalid, "attribute[colour]"),
        ({"answers": {"how_bad": "very"}}, Invalid, "attribute[how_bad]"),
    ],
)
def test_bad_input_is_refused_and_changes_nothing(
    town: Town, wrong: dict[str, object], problem: type[Problem], field: str
) -> None:
    with pytest.raises(problem) as refused:
        town.file(**wrong)  # type: ignore[arg-type]

    assert field in refused.value.errors or not field
    assert not ServiceRequest.objects.exists()


def test_danger_is_heard_before_any_model(town: Town) -> None:
    filed = town.file("놀이터 옆에서 가스 냄새가 심하게 나요", "")

    assert (filed.danger, filed.priority) == ("gas", ServiceRequest.Priority.HIGH)


def test_a_broken_kerb_is_an_obstruction_for_wheels(town: Town) -> None:
    filed = town.file()

    barrier = Obstruction.objects.get(source="complaints", reference=filed.number)
    assert (barrier.kind, barrier.stops, barrier.state) == ("barrier", ["wheels"], "reported")


@pytest.mark.parametrize("spoken", ["{}", " {} ", "{0}".replace("-", " ")])
def test_a_number_is_found_however_it_is_written(town: Town, spoken: str) -> None:
    filed = town.file()

    assert find_request(spoken.format(filed.number).replace("-", " ")) == filed


def test_free_answers_are_masked_too(town: Town) -> None:
    filed = town.file("어두워요", "streetlight", answers={"lamp_number": "10-12, 010 1234 5678"})

    assert filed.answers == {"lamp_number": "10-12, [phone]"}


def test_words_are_kept_as_said(town: Town) -> None:
    assert town.file().description == KERB
