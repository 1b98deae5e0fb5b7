"""Outgoing audio leaves by the clock."""

from hypothesis import given
from hypothesis import strategies as st

from apps.assistant.speech.core.audio import FRAME_BYTES, SILENT_FRAME
from apps.assistant.voice.core.playout import Frame, Mark, Playout

TEN = bytes(FRAME_BYTES) * 10


def names(leaving: list[Frame | Mark]) -> list[str]:
    return [item.name for item in leaving if isinstance(item, Mark)]


def test_a_frame_leaves_every_20_ms_and_the_mark_after_the_last() -> None:
    playout = Playout()
    playout.say(TEN, "p1")
    left = [playout.due(tick * 0.0201) for tick in range(12)]
    assert [len(frames) for frames in left] == [1] * 9 + [2, 0, 0]
    assert left[9] == [Frame(SILENT_FRAME), Mark("p1")]
    assert not playout.busy
    assert playout.wait_s(1.0) is None


def test_a_late_loop_catches_up_and_stays_in_step() -> None:
    playout = Playout()
    playout.say(TEN, "p1")
    playout.due(0.0)
    assert len(playout.due(0.101)) == 5
    assert round(playout.wait_s(0.101) or 0, 3) == 0.019


def test_after_a_stall_the_listener_is_not_overrun() -> None:
    playout = Playout()
    playout.say(TEN, "p1")
    playout.due(0.0)
    assert len(playout.due(5.0)) == 1


def test_a_lead_lets_frames_leave_early() -> None:
    playout = Playout(lead_s=0.1)
    playout.say(TEN, "p1")
    assert len(playout.due(0.0)) == 6


def test_clear_drops_everything_and_names_the_marks() -> None:
    playout = Playout()
    playout.say(TEN, "p1")
    playout.say(TEN, "p2")
    playout.due(0.0)
    assert playout.clear() == ["p1", "p2"]
    assert playout.due(0.1) == []
    playout.say(TEN, "p3")
    assert len(playout.due(7.0)) == 1


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=4),
    st.lists(st.sampled_from([0, 5, 20, 45, 130, 300]), max_size=20),
    st.sampled_from([0.0, 0.06]),
)
def test_nothing_is_lost_doubled_or_early(
    lengths: list[int], naps_ms: list[int], lead_s: float
) -> None:
    playout, now_s, left = Playout(lead_s), 0.0, []
    for number, length in enumerate(lengths):
        playout.say(SILENT_FRAME * length, str(number))
    for nap_ms in naps_ms:
        left += playout.due(now_s)
        frames = sum(isinstance(item, Frame) for item in left)
        assert frames <= (now_s + lead_s) / 0.02 + 1.001
        now_s += nap_ms / 1000
    while playout.busy:
        left += playout.due(now_s)
        now_s += 0.02
    assert names(left) == [str(number) for number in range(len(lengths))]
    assert sum(isinstance(item, Frame) for item in left) == sum(lengths)
