"""전국주차장정보표준데이터: the columns of the Korean standard, good rows and bad ones."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override

from apps.accounts.models import User
from apps.base.clock import Hand
from apps.city.models import ImportRun
from apps.parking.models import ParkingSite, Tariff, TariffAssignment
from apps.parking.services.standard_import import import_standard
from tests.devices.conftest import found_city
from tests.support.world import sign_in_staff

# Made by us in the columns of the standard.
GOOD = {
    "주차장관리번호": "111-2-000001", "주차장명": "달빛 공영주차장", "주차장구분": "공영",
    "주차장유형": "노외", "소재지도로명주소": "달빛시 중앙로 1", "소재지지번주소": "",
    "주차구획수": "42", "급지구분": "1급지", "부제시행구분": "요일제",
    "운영요일": "평일+토요일+공휴일", "평일운영시작시각": "09:00", "평일운영종료시각": "19:00",
    "토요일운영시작시각": "09:00", "토요일운영종료시각": "15:00", "공휴일운영시작시각": "00:00",
    "공휴일운영종료시각": "23:59", "요금정보": "유료", "주차기본시간": "30",
    "주차기본요금": "1,000", "추가단위시간": "10", "추가단위요금": "300",
    "1일주차권요금적용시간": "",
    "1일주차권요금": "8000", "월정기권요금": "",
    "결제방법": "카드", "특기사항": "", "관리기관명": "달빛시설공단",
    "전화번호": "", "위도": "37.431", "경도": "127.261", "장애인전용주차구역보유여부": "Y",
    "데이터기준일자": "2026-04-01", "제공기관코드": "", "제공기관명": "달빛시",
}  # fmt: skip


@pytest.fixture(autouse=True)
def city(hand: Hand, db: None) -> None:
    found_city()


def table(*rows: dict[str, Any]) -> str:
    lines = [",".join(GOOD)]
    lines += [",".join(f'"{value}"' for value in (GOOD | row).values()) for row in rows]
    return "\n".join(lines) + "\n"


def take(tmp_path: Path, *rows: dict[str, Any], encoding: str = "utf-8") -> ImportRun:
    path = tmp_path / "parking.csv"
    path.write_bytes(table(*rows).encode(encoding))
    with override("en"):
        return import_standard(path=path, actor="test")


def test_a_row_becomes_a_site_with_hours_and_a_tariff(tmp_path: Path) -> None:
    run = take(tmp_path, {}, encoding="cp949")

    assert (run.counts, run.errors) == ({"rows": 1, "refused": 0}, [])
    site = ParkingSite.objects.get(code="krstd-111-2-000001")
    assert (site.kind, site.siting, site.price_grade, site.plate_rule) == (
        "lot", "노외", "1급지", "요일제",
    )  # fmt: skip
    assert site.opening_hours == "Mo-Fr 09:00-19:00; Sa 09:00-15:00; Su,PH 00:00-24:00"
    assert site.pools.get().total == 42
    rules = site.tariffs.get().tariff.rules
    assert rules["opening"] == {"minutes": 30, "price": 1000}
    assert rules["bands"] == [{"code": "all_day", "step_min": 10, "price": 300}]
    assert rules["day_cap"] == 8000


def test_free_of_charge_is_a_price_too(tmp_path: Path) -> None:
    take(tmp_path, {"요금정보": "무료", "추가단위요금": "", "추가단위시간": ""})

    assert Tariff.objects.get().rules["bands"][0]["price"] == 0


def test_always_open_is_said_shortly(tmp_path: Path) -> None:
    hours = {key: "00:00" for key in GOOD if key.endswith("시작시각")} | {
        key: "24:00" for key in GOOD if key.endswith("종료시각")
    }
    take(tmp_path, hours)

    assert ParkingSite.objects.get().opening_hours == "24/7"


BAD = [
    ({"주차장관리번호": ""}, "주차장관리번호 is missing"),
    ({"주차장명": ""}, "주차장명 is missing"),
    ({"주차장유형": "공중"}, "주차장유형 is one of"),
    ({"위도": ""}, "위도 is missing"),
    ({"위도": "127.26", "경도": "37.43"}, "위도 lies outside"),
    ({"주차구획수": "0"}, "주차구획수 lies outside"),
    ({"주차구획수": "많음"}, "주차구획수 is not a number"),
    ({"평일운영시작시각": "아침"}, "no time of day"),
    ({"데이터기준일자": "어제"}, "no date"),
    ({"추가단위요금": "-300"}, "추가단위요금 lies outside"),
]


@pytest.mark.parametrize(("change", "reason"), BAD)
def test_a_bad_row_is_named_and_the_good_enter(
    tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    run = take(tmp_path, {"주차장관리번호": "good-1"}, change)

    assert [error["place"] for error in run.errors] == ["row 2"]
    assert reason in run.errors[0]["reason"]
    assert [site.code for site in ParkingSite.objects.all()] == ["krstd-good-1"]


def test_a_list_comes_again_and_a_new_price_holds_from_its_day_on(tmp_path: Path) -> None:
    take(tmp_path, {})
    take(tmp_path, {"주차구획수": "50"})
    assert TariffAssignment.objects.count() == 1
    assert ParkingSite.objects.get().pools.get().total == 50

    take(tmp_path, {"추가단위요금": "500", "데이터기준일자": "2026-10-01"})
    spans = [
        (str(row.valid_on.lower), str(row.valid_on.upper), row.tariff.rules["bands"][0]["price"])
        for row in TariffAssignment.objects.order_by("pk")
    ]
    assert spans == [("2026-04-01", "2026-10-01", 300), ("2026-10-01", "None", 500)]


def test_staff_hand_it_in_by_the_browser(tmp_path: Path) -> None:
    client = Client(headers={"Accept-Language": "en"})
    sign_in_staff(client, User.objects.create_superuser("chief@dalbit.example"))
    file = SimpleUploadedFile("parking.csv", table({}, {"위도": ""}).encode("cp949"))
    page = client.post("/admin/parking/parkingsite/take-in-list/", {"file": file}).content.decode()

    assert "1 row taken in" in page
    assert "위도 is missing" in page


def test_the_command_says_what_was_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "parking.csv"
    path.write_text(table({}, {"위도": ""}))
    with override("en"):
        call_command("import_parking_sites", str(path))

    told = capsys.readouterr()
    assert "row 2: 위도 is missing." in told.err
    assert "1 rows taken in, 1 refused" in told.out
