"""Answers as documented, and broken ones."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.adapters.gauges import BadRow
from devices.adapters.kma_forecast.adapter import amount, read
from devices.adapters.pulled import NotUnderstood

BODY = (Path(__file__).parent / "fixtures" / "hours.json").read_bytes()
ASKED_AT = datetime(2021, 8, 25, 8, 0, tzinfo=UTC)


def test_a_cell_tells_its_hours() -> None:
    pulled = read(BODY, ASKED_AT)
    (cell,) = pulled.announced

    assert (cell.kind, cell.code) == ("rain_forecast", "kma-98-76")
    assert list(cell.facts["mm_by_hour"].values()) == [40.0, 0.5, 0.0]
    assert cell.facts["issued_at"] == "2021-08-25T16:30:00+09:00"
    assert [one.item for one in pulled.bad] == ["2000"]


@pytest.mark.parametrize(
    ("told", "mm"),
    [
        ("강수없음", 0),
        ("1mm 미만", 0.5),
        ("30.0~50.0mm", 40),
        ("50.0mm 이상", 50),
        ("6.2mm", 6.2),
        ("0", 0),
    ],
)
def test_words_are_read_as_amounts(told: str, mm: float) -> None:
    assert amount(told) == mm


@pytest.mark.parametrize("told", ["", "많이", "1~2~3mm", "9999mm"])
def test_what_is_no_amount_is_refused(told: str) -> None:
    with pytest.raises(BadRow):
        amount(told)


def test_the_services_own_words_are_kept() -> None:
    refused = b'{"response": {"header": {"resultCode": "22", "resultMsg": "LIMITED NUMBER"}}}'

    with pytest.raises(NotUnderstood, match="LIMITED NUMBER"):
        read(refused, ASKED_AT)
