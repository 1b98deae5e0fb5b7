"""Text as documented, and broken lines."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from devices.adapters.kma_aws.adapter import read
from devices.adapters.pulled import NotUnderstood

BODY = (Path(__file__).parent / "fixtures" / "minutes.txt").read_bytes()
ASKED_AT = datetime(2021, 8, 25, 8, 0, tzinfo=UTC)


def test_only_quarter_hours_give_rain_because_other_sums_overlap() -> None:
    (row,) = read(BODY, ASKED_AT).observations

    assert row["datastream"] == "kma-159.rain_amount"
    assert (row["phenomenonTime"], row["result"]) == ("2021-08-25T16:45:00+09:00", 12.5)


def test_what_is_missing_is_not_zero() -> None:
    pulled = read(BODY, ASKED_AT)

    assert any("not zero" in one.reason for one in pulled.bad)
    assert len(pulled.bad) == 2
    assert [thing.code for thing in pulled.things] == ["kma-159"]


@pytest.mark.parametrize("body", [b"", b"# only comments", b"<html>please sign in</html>"])
def test_another_answer_is_not_understood(body: bytes) -> None:
    with pytest.raises(NotUnderstood):
        read(body, ASKED_AT)
