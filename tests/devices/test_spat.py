"""SPaT in and out: the hour's tenths, the turn of hours and years, and what speaks of the past."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols import spat
from devices.protocols.spat import EventState, Intersection, Movement, Unreadable

NOW = datetime(2026, 11, 22, 3, 0, 5, tzinfo=UTC)

# The fields of USDOT's Operational Data Environment, as its documentation writes them.
BODY: dict[str, Any] = {
    "messageId": 19,
    "value": {"SPAT": {"intersections": [{
        "id": {"region": 0, "id": 12109}, "revision": 1, "status": "0000",
        "moy": 468_180, "timeStamp": 5_000,
        "states": [{"signalGroup": 2, "state-time-speed": [{
            "eventState": "protected-Movement-Allowed",
            "timing": {"minEndTime": 120, "maxEndTime": 121, "likelyTime": 36_001},
        }]}],
    }]}},
}  # fmt: skip


def body(**changes: Any) -> dict[str, Any]:
    shape = BODY["value"]["SPAT"]["intersections"][0] | changes
    return {"messageId": 19, "value": {"SPAT": {"intersections": [shape]}}}


def test_it_reads_what_the_field_sends() -> None:
    (read,) = spat.decode(BODY, now=NOW)
    assert (read.id, read.at) == (12109, NOW)
    (movement,) = read.movements
    assert movement.state is EventState.PROTECTED_ALLOWED
    assert movement.min_end_at == NOW.replace(second=12)
    assert movement.likely_end_at is None


tenths = st.integers(0, 19 * 365 * 86_400 * 10)
moments = tenths.map(
    lambda tenth: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(milliseconds=100 * tenth)
)


@given(
    at=moments,
    ends=st.lists(st.integers(-600, 12_000), min_size=3, max_size=3),
    state=st.sampled_from(EventState),
    late_s=st.integers(-600, 600),
)
def test_what_is_written_is_read(
    at: datetime, ends: list[int], state: EventState, late_s: int
) -> None:
    first, second, third = (at + timedelta(milliseconds=100 * tenth) for tenth in ends)
    movements = (Movement(3, state, first, second, third), Movement(4, state))
    said = [Intersection(7, at, movements, is_preempted=late_s % 2 == 0)]
    assert spat.decode(spat.encode(said), now=at + timedelta(seconds=late_s)) == said


@pytest.mark.parametrize(
    ("status", "preempted"),
    [
        ("1000", True), ("1080", True), ("0080", False), ("", None),
        ({"preemptIsActive": True}, True), ({"manualControlIsEnabled": True}, False),
    ],
)  # fmt: skip
def test_preemption_is_told_by_digits_or_by_name(status: Any, preempted: bool | None) -> None:
    if preempted is None:
        with pytest.raises(Unreadable):
            spat.decode(body(status=status), now=NOW)
    else:
        (read,) = spat.decode(body(status=status), now=NOW)
        assert read.is_preempted is preempted


@pytest.mark.parametrize(
    "broken",
    [
        None, [], {}, {"value": {"SPAT": {}}}, body(states=[{}]), body(id=3), body(moy="soon"),
        body(states=[{"signalGroup": 1, "state-time-speed": [{"eventState": "green"}]}]),
        body(moy=468_180 - 31), body(moy=468_180 + 31), body(moy=10**12),
    ],
)  # fmt: skip
def test_it_refuses_what_says_nothing_about_now(broken: Any) -> None:
    with pytest.raises(Unreadable):
        spat.decode(broken, now=NOW)
