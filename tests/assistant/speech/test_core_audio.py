"""Telephone audio: the codec, frames, and other rates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.assistant.speech.core import mulaw
from apps.assistant.speech.core.audio import (
    FRAME_BYTES,
    Reframer,
    frames_of,
    resampled,
    samples_of,
    seconds_of,
    silence,
)


@pytest.mark.parametrize(
    # ITU-T G.711, table 2a: the decoder's output values.
    ("code", "sample"),
    [(0xFF, 0), (0x7F, 0), (0x80, 32_124), (0x00, -32_124), (0xFE, 8), (0xEF, 132), (0x8F, 16_764)],
)
def test_it_decodes_as_the_standard_says(code: int, sample: int) -> None:
    assert samples_of(mulaw.decode(bytes([code])))[0] == sample


def test_every_code_survives_a_round_trip() -> None:
    codes = bytes(code for code in range(256) if code != 0x7F)  # minus zero comes back as zero
    assert mulaw.encode(mulaw.decode(codes)) == codes


@given(st.lists(st.integers(-32_768, 32_767), max_size=400))
def test_it_keeps_the_shape_of_a_sound(values: list[int]) -> None:
    samples = np.array(values, dtype="<i2")
    back = samples_of(mulaw.decode(mulaw.encode(samples.tobytes()))).astype(int)
    # Half a step of the segment a sample lies in: an eighth of its size at most, and the clip.
    assert np.all(np.abs(back - np.clip(samples, -32_635, 32_635)) <= np.abs(back) / 16 + 8)


@given(st.lists(st.binary(max_size=700), max_size=20))
def test_a_stream_in_pieces_becomes_whole_frames(pieces: list[bytes]) -> None:
    reframer = Reframer()
    frames = [frame for piece in pieces for frame in reframer.feed(piece)]
    whole = b"".join(pieces)
    assert all(len(frame) == FRAME_BYTES for frame in frames)
    assert b"".join(frames) == whole[: len(whole) // FRAME_BYTES * FRAME_BYTES]


def test_the_last_frame_is_filled_with_silence() -> None:
    assert frames_of(b"ab") == [b"ab" + bytes(FRAME_BYTES - 2)]
    assert seconds_of(silence(1.0)) == 1.0


def test_a_tone_keeps_its_pitch_at_another_rate() -> None:
    at = np.arange(22_050) / 22_050
    tone = (12_000 * np.sin(2 * np.pi * 440 * at)).astype(np.int16)
    heard = resampled(tone, 22_050)
    loudest = np.argmax(np.abs(np.fft.rfft(heard))) * 8_000 / len(heard)
    assert (len(heard), round(float(loudest))) == (8_000, 440)
