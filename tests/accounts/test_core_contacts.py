"""One address is one string."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.core.contacts import Address, UnreadableAddress, channel, email, masked, phone

PHONES = [
    # written, region, E.164
    ("010-1234-5678", "KR", "+821012345678"),
    ("010 1234 5678", "KR", "+821012345678"),
    ("+82 10-1234-5678", "GB", "+821012345678"),
    ("031-760-2114", "KR", "+82317602114"),
    ("020 7946 0018", "GB", "+442079460018"),
    ("+44 7700 900109", "KR", "+447700900109"),
]


@pytest.mark.parametrize(("written", "region", "expected"), PHONES)
def test_it_reads_a_number_as_people_there_write_it(
    written: str, region: str, expected: str
) -> None:
    assert phone(written, region=region) == Address("phone", expected)


@pytest.mark.parametrize(
    "written",
    ["", "seoul", "119", "010-1234", "+82 10-1234-5678 ext. 9", "+1 900 555 0101", "1588-0000"],
    ids=["nothing", "a word", "emergency", "too short", "extension", "premium", "shared cost"],
)
def test_it_refuses_numbers_that_no_code_should_go_to(written: str) -> None:
    with pytest.raises(UnreadableAddress):
        phone(written, region="KR")


def test_it_reads_an_email_in_any_case_and_with_spaces_around() -> None:
    assert email("  Sora.Han@Dalbit.Example ") == Address("email", "sora.han@dalbit.example")


@pytest.mark.parametrize(
    "written", ["", "sora", "@x.kr", "sora@", "a b@x.kr", "x@y", "x" * 250 + "@x.kr"]
)
def test_it_refuses_what_is_no_email(written: str) -> None:
    with pytest.raises(UnreadableAddress):
        email(written)


def test_it_keeps_a_channels_user_id_as_it_is() -> None:
    assert channel("kakao", "aB/9=") == Address("channel", "aB/9=", "kakao")


@pytest.mark.parametrize(
    ("name", "user_id"), [("Kakao", "x"), ("", "x"), ("line", ""), ("line", "a\n")]
)
def test_it_refuses_a_channel_without_name_or_id(name: str, user_id: str) -> None:
    with pytest.raises(UnreadableAddress):
        channel(name, user_id)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (Address("email", "sora@dalbit.example"), "so***@dalbit.example"),
        (Address("email", "me@dalbit.example"), "***@dalbit.example"),
        (Address("phone", "+821012345678"), "+82****5678"),
        (Address("channel", "U4af4980629abcd", "line"), "line:****abcd"),
        (Address("channel", "short", "line"), "line:****"),
    ],
)
def test_it_masks_what_others_must_not_read(address: Address, expected: str) -> None:
    assert masked(address) == expected


@given(st.text(min_size=3, max_size=60))
def test_reading_twice_is_reading_once(text: str) -> None:
    for read in (email, lambda value: phone(value, region="KR")):
        try:
            once = read(text)
        except UnreadableAddress:
            continue
        assert read(once.value) == once
