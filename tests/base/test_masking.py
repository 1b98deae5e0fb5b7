"""What must not stand in a log."""

import logging
import sys

import pytest

from apps.base.masking import MaskingFilter, mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mail to sora@dalbit.example now", "mail to [email] now"),
        ("call 010-1234-5678", "call [phone]"),
        ("call 01012345678 or 031-760-2114", "call [phone] or [phone]"),
        ("call +82 10 1234 5678", "call [phone]"),
        ("call +84 912 345 678.", "call [phone]."),
        ("id 900101-1234567", "id [rrn]"),
        ("card 1234-5678-9012-3456", "card [card]"),
        ("Authorization: Bearer abcdefghijkl", "Authorization: Bearer [token]"),
        ("X-Session-Token: s3cr3tt0ken", "X-Session-Token: [token]"),
    ],
)
def test_it_masks_identifiers(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "at 37.4292, 127.2550 since 2026-11-22T03:00:00+00:00",
        "stored 10000 of 35717 rows in 0.12 s",
        "way 1234567890 has 12 nodes",
        "GET /tiles/14/13972/6345.mvt 200",
        "request 5f2c9e0a1b3d4c5e",
    ],
)
def test_it_leaves_places_times_and_counts_alone(text: str) -> None:
    assert mask(text) == text


def test_a_log_record_is_masked_with_its_arguments_and_traceback() -> None:
    try:
        raise ValueError("no such contact: sora@dalbit.example")
    except ValueError:
        info = sys.exc_info()
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "to %s", ("010-1234-5678",), info)
    MaskingFilter().filter(record)
    assert record.getMessage() == "to [phone]"
    assert record.exc_text is not None
    assert "sora@" not in record.exc_text
