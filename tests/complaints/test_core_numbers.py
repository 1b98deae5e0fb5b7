"""Numbers that survive being read out."""

from hypothesis import given
from hypothesis import strategies as st

from apps.complaints.core.numbers import read_number, write_number

serials = st.integers(1, 99_999_999)


@given(st.integers(2020, 2099), serials)
def test_a_number_reads_back(year: int, serial: int) -> None:
    number = write_number(year, serial)
    assert read_number(number.replace("-", " . ")) == number


@given(serials, st.data())
def test_one_wrong_digit_is_found(serial: int, data: st.DataObject) -> None:
    digits = list(write_number(2026, serial))
    place = data.draw(st.sampled_from([n for n, sign in enumerate(digits) if sign.isdigit()]))
    digits[place] = data.draw(st.sampled_from([d for d in "0123456789" if d != digits[place]]))
    assert read_number("".join(digits)) is None


@given(serials, st.data())
def test_neighbours_swapped_are_found(serial: int, data: st.DataObject) -> None:
    bare = write_number(2026, serial).replace("-", "")
    places = [n for n in range(len(bare) - 1) if bare[n] != bare[n + 1]]
    n = data.draw(st.sampled_from(places))
    assert read_number(f"{bare[:n]}{bare[n + 1]}{bare[n]}{bare[n + 2 :]}") is None
